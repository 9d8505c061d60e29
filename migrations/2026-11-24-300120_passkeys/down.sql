DROP TABLE passkey_challenge, passkey;
