//! The client/server protocol of MySQL, which MariaDB speaks as well
//! (<https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html>), without TLS. What differs between the two
//! is in their folders.

pub(crate) mod databases;
pub(crate) mod probe;
pub(crate) mod secure;
mod session;
pub(crate) mod users;

use stardeck_domain::{LoginName, Password};

use crate::{Error, Login, ServerInfo, net::within};

use session::Session;

/// Logs in and asks for the version.
pub(crate) async fn login(login: &Login) -> Result<ServerInfo, Error> {
    let asked = async {
        let mut session = Session::open(login).await?;
        let version = session.server_version().await?;
        Ok((session, version))
    };
    let (session, version) = within(login.timeout, asked).await?;
    session.close().await;
    Ok(ServerInfo { version })
}

/// The same login as somebody else, without a logical database.
fn login_as(like: &Login, (user, password): &(LoginName, Password)) -> Login {
    Login { user: user.clone(), password: password.clone(), database: None, ..like.clone() }
}
