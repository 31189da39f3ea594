//! Who may do what. There is one rule: a role may do what the roles below it may.

use stardeck_domain::Role;

use crate::{Actor, Error};

/// Checks that a person may do what the role may.
///
/// # Errors
/// The person's role is too low.
pub fn require(actor: &Actor, needed: Role) -> Result<(), Error> {
    if actor.user.role.includes(needed) { Ok(()) } else { Err(Error::Forbidden { needed }) }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use stardeck_domain::{SessionId, User, UserId, UserName};

    use super::*;
    use crate::Access;

    fn actor(role: Role) -> Actor {
        Actor {
            user: User {
                id: UserId::new(),
                username: UserName::parse("somebody").unwrap(),
                role,
                created_at: Utc::now(),
                last_login_at: None,
            },
            access: Access::Session(SessionId::new()),
            remote_address: None,
        }
    }

    #[test]
    fn every_role_may_exactly_what_it_and_lower_ones_may() {
        for &role in Role::ALL {
            for &needed in Role::ALL {
                assert_eq!(require(&actor(role), needed).is_ok(), role >= needed, "{role} for {needed}");
            }
        }
    }

    #[test]
    fn refusal_names_the_role_that_is_needed() {
        let refused = require(&actor(Role::Viewer), Role::Admin);
        assert!(matches!(refused, Err(Error::Forbidden { needed: Role::Admin })));
    }
}
