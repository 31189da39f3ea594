//! The API on a fake runtime and a store of its own, for whoever sends it much at once. It listens on a free port of
//! 127.0.0.1, says where, and where the set-up token is, and ends with its input.

use std::{
    error::Error,
    io::{self, Write as _},
    sync::Arc,
};

use actix_web::{HttpServer, rt, web::Data};
use stardeck_api::{AllowedHosts, AppState, CookiePolicy, app};
use stardeck_service::{Services, ServicesConfig};
use stardeck_testkit::{FakeRuntime, TEST_TIMINGS, TempStore, fake_driver};
use stardeck_ui::Ui;

/// An image that apps can be made of.
const IMAGE: &str = "docker.io/acme/web:1";

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let store = TempStore::new();
    let runtime = FakeRuntime::new();
    runtime.add_plain_image(IMAGE);
    let (db, vault) = store.open().await;
    let config = ServicesConfig {
        db,
        vault,
        runtime: Arc::new(runtime),
        drivers: fake_driver,
        timings: TEST_TIMINGS,
        data_dir: store.directory(),
    };
    let services = Services::start(config).await?;
    let state = AppState::new(&services, AllowedHosts::with([]), CookiePolicy::HostPrefixed);
    let state = Data::new(state.with_ui(Ui::none()));
    let server = HttpServer::new(move || app(state.clone())).workers(2).disable_signals();
    let server = server.bind(("127.0.0.1", 0))?;
    let address = server.addrs().first().copied().ok_or("no address")?;
    let server = server.run();
    let handle = server.handle();
    rt::spawn(server);
    writeln!(io::stdout(), "http://{address} {}", store.directory().join("setup-token").display())?;
    rt::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink())).await??;
    handle.stop(false).await;
    services.shut_down().await;
    Ok(())
}
