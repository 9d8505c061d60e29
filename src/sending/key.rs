//! A message's key for the outside: Message-ID, idempotency key, what reports name.

/// It in SQL: the same for every attempt of the message with this id and for no other, and it tells nobody how many
/// messages there are. Beside the table `setting`.
pub fn key_sql(id: &str) -> String {
    format!("left(encode(sha256(convert_to(setting.message_salt || ' ' || {id}, 'UTF8')), 'hex'), 32)")
}
