DROP TABLE failed_sign_in;
