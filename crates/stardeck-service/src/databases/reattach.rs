//! Accepting a database on a kept volume: like a new one, but engine, major version and logins are those of the data.

use chrono::Utc;
use stardeck_domain::{
    AuditAction, DatabaseId, DatabaseSettings, ImageId, ManagedDatabase, Operation, OperationKind, Tombstone,
    ValidationError, ValidationErrors, Volume,
};
use stardeck_engines::{EngineAdapter, ImageChoice};
use stardeck_repository::{audit, databases, operations, ports, tombstones, volumes};

use super::{
    CreateDatabase, Databases,
    create::{check_exposure, name_conflict, new_database, pick_port, port_conflict, reservation},
    kept::{management, require_kept},
    limits::{check_settings, require_limits},
    settings::settings_json,
    verbs::{in_progress, new_operation},
};
use crate::{
    Actor, Error, auth::audit_entry, core::Core, labels, operations::plan::Input, ports::Candidates,
};

/// What a request for a kept volume comes down to.
struct Accepted {
    adapter: &'static dyn EngineAdapter,
    image: ImageChoice,
    /// Whether the recorded image, by its id, is run again.
    keeps_image: bool,
}

impl Databases {
    /// Checks the request against what was kept, takes the kept volume for it, and starts the deployment.
    pub(super) async fn reattach(
        &self,
        actor: &Actor,
        request: CreateDatabase,
        id: DatabaseId,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        let (kept, volumes, is_attachable) = self
            .core()
            .db
            .read(move |tx| {
                let kept = require_kept(tx, id).map_err(unknown_volume)?;
                Ok::<_, Error>((kept, volumes::list_of(tx, id)?, management(tx, id)?.is_some()))
            })
            .await?;
        let accepted = check(&request, &kept, is_attachable)?;
        require_limits(self.core().runtime.as_ref(), &request.settings).await?;
        let containers = self.core().runtime.list_containers().await?;
        self.check_free_name(&request.name, &containers, None).await?;
        self.check_volumes(id, &volumes).await?;
        let candidates = self.candidates(&request, accepted.adapter, &containers).await?;
        let begun = self.write_reattached(actor, request, accepted, id, candidates).await?;
        self.dispatcher().dispatch(begun.1.clone());
        Ok(begun)
    }

    /// The volumes must be there, ours, and mounted by nobody. The operation looks again.
    async fn check_volumes(&self, id: DatabaseId, volumes: &[Volume]) -> Result<(), Error> {
        let core = self.core();
        for volume in volumes {
            let found = core.runtime.find_volume(&volume.name).await?;
            if !found.is_some_and(|found| labels::is_of_database(&found.labels, core.instance, id)) {
                return Err(Error::VolumeMissing { volume: volume.name.clone() });
            }
            if let Some(user) = core.runtime.list_volume_users(&volume.name).await?.first() {
                let holder = format!("container {} mounts {}", user.names.join(", "), volume.name);
                return Err(Error::VolumeInUse { holder });
            }
        }
        Ok(())
    }

    /// One transaction: the row lives again, its port, the operation, the audit entry. All or nothing.
    async fn write_reattached(
        &self,
        actor: &Actor,
        request: CreateDatabase,
        accepted: Accepted,
        id: DatabaseId,
        candidates: Option<Candidates>,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        let actor = actor.clone();
        let Accepted { adapter, image, keeps_image } = accepted;
        let description = request.description.clone();
        let settings = request.settings.clone();
        let is_port_automatic = request.external_port.is_none();
        let mut new = new_database(id, request, adapter, image, &actor);
        self.core()
            .db
            .write(move |tx| {
                let now = Utc::now();
                let kept = require_kept(tx, id)?;
                let held = volumes::list_of(tx, id)?.iter().map(|volume| volume.id).collect();
                let tombstone = Tombstone::of(&kept, held)
                    .ok_or_else(|| Error::internal("a tombstone without its time"))?;
                let input = Input::Reattach { tombstone: Box::new(tombstone), is_port_automatic };
                let operation = new_operation(id, OperationKind::Reattach, input, Some(actor.user.id))?;
                new.external_port = candidates
                    .map(|candidates| pick_port(tx, &new.host_id, new.engine, &candidates))
                    .transpose()?;
                let recorded = kept.image_id.as_ref().filter(|_| keeps_image);
                let image: Option<(&ImageId, _)> = recorded.map(|id| (id, kept.digest.as_deref()));
                tombstones::revive(tx, &new, image, now).map_err(|error| name_conflict(error, &new))?;
                databases::set_settings(tx, id, &settings_json(&changed(Core::settings(&kept)?, settings))?)?;
                if let Some(text) = description.as_deref() {
                    databases::set_description(tx, id, Some(text))?;
                }
                if let Some(port) = new.external_port {
                    ports::reserve(tx, &reservation(&new, port), now)
                        .map_err(|error| port_conflict(error, port))?;
                }
                operations::insert(tx, &operation, now).map_err(in_progress)?;
                let (target, name) = (Some(id.to_string()), Some(new.name.to_string()));
                audit::append(tx, &audit_entry(&actor, AuditAction::DatabaseReattached, target, name, now))?;
                Ok((databases::get(tx, id)?, operations::get(tx, operation.id)?))
            })
            .await
    }
}

/// Checks all fields against what was kept, and tells every one that is wrong.
fn check(request: &CreateDatabase, kept: &ManagedDatabase, is_attachable: bool) -> Result<Accepted, Error> {
    let adapter = stardeck_engines::adapter(kept.engine);
    let mut errors = Vec::new();
    let mut refuse = |field: &'static str, code: &'static str, reason: String| {
        errors.push(ValidationError { field, code, reason });
    };
    if !is_attachable {
        let reason = "its database never answered a login, so no password opens it; it can only be removed";
        refuse("kept_volume_id", "never_ready", reason.to_owned());
    }
    if request.engine != kept.engine {
        refuse("type", "engine_mismatch", format!("must be {}, which wrote the kept volume", kept.engine));
    }
    for (field, is_given) in
        [("admin_user", request.admin_user.is_some()), ("admin_password", request.admin_password.is_some())]
    {
        if is_given {
            let reason = format!(
                "must be left out with kept_volume_id: the volume keeps its administrator {} and the password",
                kept.admin_user
            );
            refuse(field, "not_with_kept_volume", reason);
        }
    }
    let choice = choose_image(request, kept, adapter);
    if let Ok((image, _)) = &choice
        && !adapter.opens_data_of(&recorded_image(kept), image)
    {
        let field = if request.version.is_some() { "version" } else { "image" };
        let reason = format!(
            "must be of the major version of {} {}, which wrote the kept volume; data does not move between major \
             versions by itself",
            kept.flavor.as_deref().unwrap_or(kept.engine.as_str()),
            kept.version
        );
        refuse(field, "major_mismatch", reason);
    }
    check_exposure(request, &mut errors);
    check_settings(adapter, &request.settings, &mut errors);
    match choice {
        Ok((image, keeps_image)) if errors.is_empty() => Ok(Accepted { adapter, image, keeps_image }),
        Ok(_) => Err(ValidationErrors(errors).into()),
        Err(error) => {
            errors.push(error);
            Err(ValidationErrors(errors).into())
        }
    }
}

/// How it ran, with what the request has in place of that. Settings with which its server does not start any more are
/// got rid of in this way.
fn changed(kept: DatabaseSettings, wanted: DatabaseSettings) -> DatabaseSettings {
    DatabaseSettings {
        memory_bytes: wanted.memory_bytes.or(kept.memory_bytes),
        cpu_millis: wanted.cpu_millis.or(kept.cpu_millis),
        engine: if wanted.engine.is_empty() { kept.engine } else { wanted.engine },
    }
}

/// The image that was recorded.
fn recorded_image(kept: &ManagedDatabase) -> ImageChoice {
    ImageChoice { reference: kept.image.clone(), version: kept.version.clone(), flavor: kept.flavor.clone() }
}

/// The image that was recorded, unless the request names another version or image; and whether it is that one.
fn choose_image(
    request: &CreateDatabase,
    kept: &ManagedDatabase,
    adapter: &dyn EngineAdapter,
) -> Result<(ImageChoice, bool), ValidationError> {
    let is_same_version = request.version.as_ref().is_none_or(|version| *version == kept.version);
    let is_same_image = request.image.as_ref().is_none_or(|image| *image == kept.image);
    if is_same_version && is_same_image {
        return Ok((recorded_image(kept), true));
    }
    let chosen = adapter.choose_image(request.version.as_ref(), request.image.as_ref());
    let chosen = match chosen {
        // A tag that does not name the engine's version is taken to hold the one that wrote the data.
        Err(_) if request.version.is_none() => {
            adapter.choose_image(Some(&kept.version), request.image.as_ref())
        }
        chosen => chosen,
    };
    Ok((chosen?, false))
}

/// The id is a field here, so that there is nothing of that id is a matter of the field.
fn unknown_volume(error: Error) -> Error {
    match error {
        Error::NotFound { .. } => {
            let reason = "there is no kept volume with this id; GET /api/volumes/kept lists them".to_owned();
            ValidationError { field: "kept_volume_id", code: "unknown_volume", reason }.into()
        }
        other => other,
    }
}
