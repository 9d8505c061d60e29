//! What the values of a claim mean here.

use serde_json::Value;

use crate::accounts::Role;

/// A claim, and the role of each of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleMap {
    claim: String,
    roles: Vec<(String, Role)>,
}

impl RoleMap {
    /// Of `groups` and `["it-admins=admin", …]`; none: neither is given.
    pub fn parse(claim: Option<&str>, pairs: &[String]) -> Result<Option<Self>, String> {
        let claim = claim.map(str::trim).filter(|claim| !claim.is_empty());
        let pairs: Vec<&str> = pairs.iter().map(|pair| pair.trim()).filter(|pair| !pair.is_empty()).collect();
        let claim = match (claim, pairs.is_empty()) {
            (None, true) => return Ok(None),
            (Some(claim), false) => claim.to_owned(),
            _ => return Err("--openid-role-claim and --openid-roles go together.".to_owned()),
        };
        let read = |pair: &&str| {
            // a value may hold an equals sign, a role does not
            let read = pair.rsplit_once('=').and_then(|(value, role)| Some((value.trim(), Role::parse(role.trim())?)));
            let wrong = || format!("--openid-roles: {pair} is not VALUE=admin, VALUE=marketer or VALUE=support.");
            read.filter(|(value, _)| !value.is_empty()).map(|(value, role)| (value.to_owned(), role)).ok_or_else(wrong)
        };
        Ok(Some(Self { claim, roles: pairs.iter().map(read).collect::<Result<_, _>>()? }))
    }

    /// Whether these claims say anything about it.
    pub fn is_told(&self, claims: &Value) -> bool {
        self.value(claims).is_some()
    }

    /// The mightiest role that they give; none: none at all.
    pub fn role(&self, claims: &Value) -> Option<Role> {
        let values: Vec<&str> = match self.value(claims)? {
            Value::String(one) => vec![one.as_str()],
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        let given = |role: &Role| self.roles.iter().any(|(value, of)| of == role && values.contains(&value.as_str()));
        Role::ALL.into_iter().find(given)
    }

    /// A claim of this very name, else one inside others: `realm_access.roles`.
    fn value<'a>(&self, claims: &'a Value) -> Option<&'a Value> {
        let inner = || self.claim.split('.').try_fold(claims, |value, name| value.get(name));
        claims.get(&self.claim).or_else(inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use serde_json::json;

    fn map(claim: &str, pairs: &[&str]) -> RoleMap {
        let pairs: Vec<String> = pairs.iter().map(ToString::to_string).collect();
        RoleMap::parse(Some(claim), &pairs).unwrap().unwrap()
    }

    #[test]
    fn the_mightiest_role_counts() {
        let map = map("groups", &["it=admin", " cn=team = marketer ", "desk=support"]);
        for (claims, role) in [
            (json!({ "groups": ["desk", "it", "x"] }), Some(Role::Admin)),
            (json!({ "groups": ["desk", "cn=team"] }), Some(Role::Marketer)),
            (json!({ "groups": "desk" }), Some(Role::Support)),
            (json!({ "groups": ["IT", "it ", 7, null] }), None),
            (json!({ "groups": { "it": true } }), None),
            (json!({ "other": ["it"] }), None),
        ] {
            assert_eq!(map.role(&claims), role, "{claims}");
        }
    }

    #[test]
    fn a_claim_may_lie_inside_others_or_have_dots() {
        let keycloak = map("realm_access.roles", &["boss=admin"]);
        assert_eq!(keycloak.role(&json!({ "realm_access": { "roles": ["boss"] } })), Some(Role::Admin));
        assert!(!keycloak.is_told(&json!({ "realm_access": 1 })));
        let named = map("https://muster.example/roles", &["boss=admin"]);
        assert_eq!(named.role(&json!({ "https://muster.example/roles": ["boss"] })), Some(Role::Admin));
    }

    #[test]
    fn a_map_is_whole_or_none() {
        assert_eq!(RoleMap::parse(None, &[]), Ok(None));
        assert_eq!(RoleMap::parse(Some(" "), &["".into()]), Ok(None));
        for (claim, pairs) in [
            (Some("groups"), vec![]),
            (None, vec!["a=admin"]),
            (Some("groups"), vec!["a=boss"]),
            (Some("g"), vec!["=admin"]),
        ] {
            let pairs: Vec<String> = pairs.into_iter().map(str::to_owned).collect();
            assert!(RoleMap::parse(claim, &pairs).is_err(), "{claim:?} {pairs:?}");
        }
    }
}
