//! Seeing that nothing answers any more where the database was exposed before.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use async_trait::async_trait;
use stardeck_domain::{ConfigBefore, FailureCode, StepName};
use tokio::{
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::{
    operations::step::{Step, StepContext, StepError},
    ports::reachable_at,
};

pub(super) struct CheckPort {
    pub(super) before: ConfigBefore,
}

/// How long the last of a port may take to go.
const CLOSED_WITHIN: Duration = Duration::from_secs(10);
/// How long one connection may take to come about.
const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// How long between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(200);

#[async_trait]
impl Step for CheckPort {
    fn name(&self) -> StepName {
        StepName::CheckPort
    }

    fn is_interruptible(&self) -> bool {
        true
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        // A container that did not run held no port: who is there has nothing to do with it.
        if !self.before.was_up {
            return Ok(());
        }
        let old = reachable_at(self.before.config.bind_address, self.before.config.external_port);
        let new = reachable_at(database.bind_address, database.external_port);
        let new: BTreeSet<SocketAddr> = new.into_iter().collect();
        for address in old.into_iter().filter(|address| !new.contains(address)) {
            wait_until_closed(address).await?;
            cx.tell(format!("nothing answers on {address} any more")).await?;
        }
        Ok(())
    }
}

async fn wait_until_closed(address: SocketAddr) -> Result<(), StepError> {
    let give_up = Instant::now() + CLOSED_WITHIN;
    while let Ok(Ok(connection)) = timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
        drop(connection);
        if Instant::now() >= give_up {
            let text = format!("something still answers on {address}, which should be closed");
            return Err(StepError::failed(FailureCode::PortStillOpen, text));
        }
        sleep(LOOK_EVERY).await;
    }
    Ok(())
}
