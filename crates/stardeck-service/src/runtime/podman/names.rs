//! Asking the name server of a network, which listens on the network's gateway (aardvark-dns, DNS over UDP).
//!
//! The host's own resolver does not ask it, and neither may we become dependent on what the host is configured to ask.

use std::{
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, RCODE, TYPE, rdata::RData};
use tokio::{net::UdpSocket, time::timeout};

/// Where name servers listen (RFC 1035).
const PORT: u16 = 53;
/// How long an answer may take. The server is on this host; for a name that it does not know it asks others, though.
const WITHIN: Duration = Duration::from_millis(500);
/// The longest answer over UDP without extensions (RFC 1035, 4.2.1).
const ANSWER_BYTES: usize = 512;

/// The IPv4 addresses that the name server there knows for a name; none when it does not know the name or has ended.
/// None when it does not answer us, as on a rootless Podman, whose addresses are out of reach.
pub(super) async fn ask(server: IpAddr, name: &str) -> Option<Vec<IpAddr>> {
    ask_at((server, PORT).into(), name).await
}

async fn ask_at(server: SocketAddr, name: &str) -> Option<Vec<IpAddr>> {
    let id = rand::random();
    let question = question(id, name)?;
    match timeout(WITHIN, exchange(server, id, &question)).await {
        Ok(Ok(addresses)) => Some(addresses),
        // The address is this host's and nobody listens: the server has ended, and knows no name any more.
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => Some(Vec::new()),
        Ok(Err(error)) => {
            tracing::debug!(%server, %error, "the name server can not be asked");
            None
        }
        Err(_) => None,
    }
}

fn question(id: u16, name: &str) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let name = Name::new(name).ok()?;
    packet.questions.push(Question::new(name, TYPE::A.into(), CLASS::IN.into(), false));
    packet.build_bytes_vec().ok()
}

async fn exchange(server: SocketAddr, id: u16, question: &[u8]) -> std::io::Result<Vec<IpAddr>> {
    let any: IpAddr =
        if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await?;
    // Answers of others do not reach a connected socket.
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut buffer = vec![0; ANSWER_BYTES];
    loop {
        let length = socket.recv(&mut buffer).await?;
        let answer = buffer.get(..length).and_then(|bytes| Packet::parse(bytes).ok());
        let Some(answer) = answer.filter(|answer| answer.id() == id) else { continue };
        if !matches!(answer.rcode(), RCODE::NoError | RCODE::NameError) {
            return Err(std::io::Error::other(format!("it answers {:?}", answer.rcode())));
        }
        let mut addresses = Vec::new();
        for record in &answer.answers {
            // Podman from 4.9 on makes the host's name an alias, so that a container which has it as alias as well is
            // told once for each.
            if let RData::A(found) = &record.rdata
                && !addresses.contains(&IpAddr::V4(found.address.into()))
            {
                addresses.push(IpAddr::V4(found.address.into()));
            }
        }
        return Ok(addresses);
    }
}

#[cfg(test)]
mod tests {
    use simple_dns::{QTYPE, ResourceRecord, rdata::A};

    use super::*;

    /// A name server that knows `shop` only, by two names of one container, and answers with another number first.
    async fn serve() -> SocketAddr {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut buffer = [0; ANSWER_BYTES];
            loop {
                let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
                let query = Packet::parse(&buffer[..length]).unwrap();
                let asked = &query.questions[0];
                assert!(matches!(asked.qtype, QTYPE::TYPE(TYPE::A)), "{:?}", asked.qtype);
                let mut stray = Packet::new_reply(query.id().wrapping_add(1));
                *stray.rcode_mut() = RCODE::NameError;
                socket.send_to(&stray.build_bytes_vec().unwrap(), from).await.unwrap();
                let mut reply = Packet::new_reply(query.id());
                if asked.qname.to_string() == "shop" {
                    let address = A { address: Ipv4Addr::new(172, 30, 0, 7).into() };
                    let name = Name::new_unchecked("shop");
                    let record = ResourceRecord::new(name, CLASS::IN, 0, RData::A(address));
                    reply.answers.extend([record.clone(), record]);
                } else {
                    *reply.rcode_mut() = RCODE::NameError;
                }
                socket.send_to(&reply.build_bytes_vec().unwrap(), from).await.unwrap();
            }
        });
        address
    }

    #[tokio::test]
    async fn known_name_has_its_address_once_and_another_has_none() {
        let server = serve().await;
        assert_eq!(ask_at(server, "shop").await, Some(vec![IpAddr::from([172, 30, 0, 7])]));
        assert_eq!(ask_at(server, "wiki").await, Some(Vec::new()));
    }

    #[tokio::test]
    async fn server_that_does_not_answer_says_nothing_about_the_name() {
        let silent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        assert_eq!(ask_at(silent.local_addr().unwrap(), "shop").await, None);
    }

    #[tokio::test]
    async fn server_that_has_ended_knows_no_name() {
        let gone = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = gone.local_addr().unwrap();
        drop(gone);
        assert_eq!(ask_at(address, "shop").await, Some(Vec::new()));
    }
}
