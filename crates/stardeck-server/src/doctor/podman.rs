//! Podman: whether it answers, is understood, and has what names on the data network need.

use std::path::Path;

use stardeck_domain::DATA_NETWORK;
use stardeck_podman::{Client, Filters, Info, ListContainers};

use super::{Finding, host};

/// How the names of images begin that only stand for official ones.
const STAND_IN: &str = "localhost/stardeck-standin/";

/// What there is to say of Podman; without it, the rest of it can not be looked at.
pub(crate) async fn findings(socket: &Path, data_dir: &Path) -> Vec<Finding> {
    let client = Client::new(socket);
    let system = client.system();
    let (version, info) = match (system.negotiate().await, system.info().await) {
        (Ok(version), Ok(info)) => (version, info),
        (Err(error), _) | (_, Err(error)) => {
            return vec![Finding::failure(
                "podman",
                format!("{} does not answer as a Podman that is understood: {error}", socket.display()),
                "with systemd: systemctl enable --now podman.socket; else start `podman system service --time 0`; \
                 Podman 4.3 or later is needed",
            )];
        }
    };
    let kind = if info.host.security.rootless { "rootless" } else { "rootful" };
    let mut found = vec![Finding::ok("podman", format!("{version}, {kind}, at {}", socket.display()))];
    found.push(backend(&info));
    found.push(dns(&info));
    found.push(limits(&info));
    found.push(data_network(&client).await);
    found.extend(stand_ins(&client).await);
    let volumes = Path::new(&info.store.volume_path);
    let root = if volumes.exists() { volumes } else { Path::new(&info.store.graph_root) };
    if !host::is_same_disk(root, data_dir) {
        found.push(host::disk("volumes", root));
    }
    found
}

fn backend(info: &Info) -> Finding {
    match info.host.network_backend.as_str() {
        "netavark" => Finding::ok("netavark", "the network backend is netavark"),
        other => Finding::failure(
            "netavark",
            format!("the network backend is {other}, which has no name resolution for databases"),
            "install netavark and aardvark-dns, and set network_backend = \"netavark\" in containers.conf",
        ),
    }
}

fn dns(info: &Info) -> Finding {
    let dns = &info.host.network_backend_info.dns;
    // Podman before 4.4 does not tell what it uses, so the usual places are looked at.
    let usual = ["/usr/lib/podman/aardvark-dns", "/usr/libexec/podman/aardvark-dns"];
    let found = if dns.path.is_empty() {
        usual.into_iter().find(|path| Path::new(path).exists())
    } else {
        Some(&*dns.path)
    };
    match found {
        Some(path) => Finding::ok("aardvark-dns", format!("the name server is {path}")),
        None => Finding::failure(
            "aardvark-dns",
            "the name server for containers is missing, so that apps can not find databases by name",
            "install the package aardvark-dns",
        ),
    }
}

/// Without root, Podman limits only by what systemd has delegated to its user, and on control groups v1 not at all.
fn limits(info: &Info) -> Finding {
    let host = &info.host;
    let has = |controller: &&str| host.cgroup_controllers.iter().any(|delegated| delegated == controller);
    let missing: Vec<_> = ["memory", "cpu"].into_iter().filter(|controller| !has(controller)).collect();
    if !host.security.rootless || missing.is_empty() {
        return Finding::ok("limits", "memory and processor time of a database can be limited");
    }
    let says = format!(
        "Podman runs without root and has no controller for {} (control groups {}), so that limits are refused; what it \
         uses is not measured on v1 either",
        missing.join(" and "),
        host.cgroup_version
    );
    let advice = "on control groups v2, let systemd delegate them: Delegate=cpu memory pids in a drop-in of user@.service; \
                  or run Podman as root";
    Finding::warning("limits", says, advice)
}

async fn data_network(client: &Client) -> Finding {
    let networks = match client.networks().list(&Filters::new()).await {
        Ok(networks) => networks,
        Err(error) => {
            return Finding::failure(
                "network",
                format!("networks can not be listed: {error}"),
                "see Podman's log",
            );
        }
    };
    match networks.iter().find(|network| network.name == DATA_NETWORK) {
        None => Finding::ok("network", format!("{DATA_NETWORK} is made with the first database")),
        Some(network) if network.dns_enabled => {
            let subnets: Vec<_> = network.subnets.iter().map(|subnet| subnet.subnet.to_string()).collect();
            Finding::ok("network", format!("{DATA_NETWORK} on {} resolves names", subnets.join(", ")))
        }
        Some(_) => Finding::failure(
            "network",
            format!("{DATA_NETWORK} does not resolve names"),
            format!("stop the databases, `podman network rm {DATA_NETWORK}`, and start them again"),
        ),
    }
}

/// Databases that run on images which only stand for official ones.
async fn stand_ins(client: &Client) -> Option<Finding> {
    let everything = ListContainers { all: true, ..ListContainers::default() };
    let containers = client.containers().list(&everything).await.ok()?;
    let on_stand_ins: Vec<_> = containers
        .into_iter()
        .filter(|container| container.image.starts_with(STAND_IN))
        .flat_map(|container| container.names)
        .collect();
    if on_stand_ins.is_empty() {
        return Some(Finding::ok("images", "no database runs on a stand-in for an official image"));
    }
    Some(Finding::warning(
        "images",
        format!(
            "these run on stand-ins, assembled from distribution packages in place of the official images: {}",
            on_stand_ins.join(", ")
        ),
        "for anything but a trial, deploy on the official images",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;

    fn of(rootless: bool, controllers: &[&str]) -> Finding {
        let mut info = Info::default();
        info.host.security.rootless = rootless;
        info.host.cgroup_version = "v2".to_owned();
        info.host.cgroup_controllers = controllers.iter().map(|name| (*name).to_owned()).collect();
        limits(&info)
    }

    #[test]
    fn controllers_that_were_not_delegated_to_podmans_user_are_named() {
        let found = of(true, &["pids", "memory"]);
        assert_eq!(found.verdict, Verdict::Warning);
        assert!(found.says.contains("no controller for cpu (control groups v2)"), "{}", found.says);
        assert_eq!(of(true, &["cpu", "memory"]).verdict, Verdict::Ok);
        assert_eq!(of(false, &[]).verdict, Verdict::Ok);
    }
}
