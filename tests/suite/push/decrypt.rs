//! A browser's part of RFC 8291, written from the RFC alone.

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use hmac::{Hmac, Mac};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// What a push service hands to the browser, in the clear.
pub fn decrypt(secret: &SecretKey, auth: &[u8], body: &[u8]) -> Vec<u8> {
    let (salt, rest) = body.split_at(16);
    let (record_size, rest) = rest.split_at(4);
    let (length, rest) = (usize::from(rest[0]), &rest[1..]);
    let (sender, sealed) = rest.split_at(length);
    assert!(sealed.len() <= u32::from_be_bytes(record_size.try_into().unwrap()) as usize, "one record");
    let public = PublicKey::from_sec1_bytes(sender).unwrap();
    let shared = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), public.as_affine());
    let own = secret.public_key().to_encoded_point(false);
    let key = hmac(auth, &[shared.raw_secret_bytes()]);
    let key = hmac(&key, &[b"WebPush: info\0", own.as_bytes(), sender, &[1]]);
    let key = hmac(salt, &[&key]);
    let content_key = hmac(&key, &[b"Content-Encoding: aes128gcm\0", &[1]]);
    let nonce = hmac(&key, &[b"Content-Encoding: nonce\0", &[1]]);
    let cipher = Aes128Gcm::new_from_slice(&content_key[..16]).unwrap();
    let mut plain = cipher.decrypt(Nonce::from_slice(&nonce[..12]), sealed).unwrap();
    while plain.pop().unwrap() == 0 {}
    plain
}

#[test]
fn the_rfcs_own_message_can_be_read() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let secret = SecretKey::from_slice(&bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")).unwrap();
    let body = bytes(concat!(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl",
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    ));
    let plain = decrypt(&secret, &bytes("BTBZMqHH6r4Tts7J_aSIgg"), &body);
    assert_eq!(plain, b"When I grow up, I want to be a watermelon");
}
