//! One logged-in connection, and the server's refusals in our words.

use std::net::SocketAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    ADMIN_DATABASE,
    bson::{Document, Value},
    scram::First,
    wire::Wire,
};
use crate::{Error, Login, error::quoted};

/// The number of the refusal that a stranger gets.
const UNAUTHORIZED: &str = "13";

/// A session in which commands run one after the other. Dropping it ends the connection; nothing is left behind.
pub(super) struct Session(Wire);

/// Asks without credentials whether the server takes writes.
pub(super) async fn greet(addr: SocketAddr) -> Result<(), Error> {
    let answer = Wire::open(addr).await?.ask(&command("hello", Value::Int(1), ADMIN_DATABASE)).await?;
    // An arbiter or a member that recovers answers, too.
    if answer.is_true("ok") && !answer.is_true("isWritablePrimary") && !answer.is_true("secondary") {
        return Err(Error::not_ready("it is not ready for work"));
    }
    Ok(())
}

/// A command to a logical database. Its name has to come first.
pub(super) fn command(name: &str, value: Value, database: &str) -> Document {
    Document::default().with(name, value).with("$db", Value::Text(database.to_owned()))
}

impl Session {
    /// Connects and logs in.
    pub(super) async fn open(login: &Login) -> Result<Self, Error> {
        let mut session = Self(Wire::open(login.addr).await?);
        if login.password.is_none() {
            return session.unguarded().await;
        }
        let first = First::new(&login.user, &STANDARD.encode(rand::random::<[u8; 24]>()));
        let options = Document::default().with("skipEmptyExchange", Value::Bool(true));
        let start = command("saslStart", Value::Int(1), ADMIN_DATABASE)
            .with("mechanism", Value::Text("SCRAM-SHA-256".to_owned()))
            .with("payload", Value::Binary(first.message().into_bytes()))
            .with("options", Value::Document(options));
        let answer = session.ask(&start).await?;
        let challenge = answer.binary("payload").ok_or_else(stranger)?;
        let (proof, expected) = first.prove(&login.password, challenge)?;
        let conversation = answer.int("conversationId").ok_or_else(stranger)?;
        let next = |payload: Vec<u8>| {
            command("saslContinue", Value::Int(1), ADMIN_DATABASE)
                .with("conversationId", Value::Int(conversation))
                .with("payload", Value::Binary(payload))
        };
        let answer = session.ask(&next(proof.into_bytes())).await?;
        if !answer.binary("payload").is_some_and(|message| expected.is_proven_by(message)) {
            return Err(Error::protocol("it does not know the password itself"));
        }
        if !answer.is_true("done") {
            session.ask(&next(Vec::new())).await?;
        }
        Ok(session)
    }

    /// The session as it is, on a server that asks nobody who he is. Much is answered to strangers by every server, but
    /// not what databases there are.
    async fn unguarded(mut self) -> Result<Self, Error> {
        let question = command("listDatabases", Value::Int(1), ADMIN_DATABASE);
        match self.ask(&question.with("nameOnly", Value::Bool(true))).await {
            Ok(_) => Ok(self),
            Err(Error::Refused { code, detail }) if code == UNAUTHORIZED => {
                Err(Error::CredentialsRejected { detail })
            }
            Err(error) => Err(error),
        }
    }

    /// Runs a command.
    pub(super) async fn ask(&mut self, command: &Document) -> Result<Document, Error> {
        let answer = self.0.ask(command).await?;
        if answer.is_true("ok") { Ok(answer) } else { Err(refused(&answer)) }
    }

    /// The server's version: `7.0.14`.
    pub(super) async fn server_version(&mut self) -> Result<String, Error> {
        let answer = self.ask(&command("buildInfo", Value::Int(1), ADMIN_DATABASE)).await?;
        answer.text("version").map(quoted).ok_or_else(|| Error::protocol("it has no version"))
    }
}

fn stranger() -> Error {
    Error::protocol("it does not answer as MongoDB does")
}

/// Sorts a server's refusal by its number (<https://www.mongodb.com/docs/manual/reference/error-codes/>).
fn refused(answer: &Document) -> Error {
    let detail = quoted(answer.text("errmsg").unwrap_or_default());
    match answer.int("code").unwrap_or_default() {
        // AuthenticationFailed
        18 => Error::CredentialsRejected { detail },
        // ShutdownInProgress, InterruptedAtShutdown, PrimarySteppedDown, NotWritablePrimary
        91 | 11600 | 189 | 10107 => Error::NotReady { reason: detail },
        code => Error::Refused { code: code.to_string(), detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_sorted_by_what_the_caller_can_do() {
        let refusal = |code| {
            let answer = Document::default().with("ok", Value::Double(0.0));
            refused(&answer.with("errmsg", Value::Text("no\nway".to_owned())).with("code", Value::Int(code)))
        };
        assert_eq!(refusal(18), Error::CredentialsRejected { detail: "no way".to_owned() });
        assert!(refusal(91).is_transient());
        assert_eq!(refusal(13), Error::Refused { code: "13".to_owned(), detail: "no way".to_owned() });
    }
}
