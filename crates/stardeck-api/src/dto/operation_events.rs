//! What happens to an operation, as those who follow it are told.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    EpochId, InvalidValue, LayerProgress, OperationChange, OperationEvent, OperationId, OperationState,
    StepName, StepState, TransferProgress, ValidationErrors,
};
use stardeck_service::operations::FollowFrom;
use utoipa::{IntoParams, ToSchema};

use super::{fields::Fields, lists::number, operations::SEQ_MAX};
use crate::problem::Problem;

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FollowQuery {
    /// Only frames after the one with this `seq`. A number that was never given begins with the first.
    #[param(value_type = Option<u32>, minimum = 0, maximum = 2_147_483_647, default = 0)]
    after: Option<String>,
    /// The `epoch` of the frame that `after` is from. When it is another one now, all frames are sent.
    #[param(value_type = Option<EpochId>)]
    epoch: Option<String>,
}

impl FollowQuery {
    pub(crate) fn check(self) -> Result<FollowFrom, ValidationErrors> {
        let mut fields = Fields::default();
        let after = fields.optional("after", self.after.as_deref(), |text| number(text, 0, SEQ_MAX));
        let epoch = fields.optional("epoch", self.epoch, |text| {
            text.parse().map_err(|_| InvalidValue::new("invalid_id", "must be the epoch of an earlier frame"))
        });
        fields.finish()?;
        Ok(FollowFrom { after: after.unwrap_or(0), epoch })
    }
}

/// One frame of `GET /api/operations/{id}/events`: one thing that happened to the operation. `type` says which members
/// say something; the others are null.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationFrame {
    /// Numbers of another epoch say nothing: begin anew.
    epoch: EpochId,
    /// Counts up from 1 within the operation, without gaps.
    seq: u32,
    /// When it happened.
    at: DateTime<Utc>,
    /// What happened.
    r#type: FrameType,
    /// The operation's state (`state`, `result`).
    state: Option<OperationState>,
    /// The step it is about (`step`, `progress`, and `log` where a step logged it).
    step: Option<StepName>,
    /// The step's state (`step`).
    step_state: Option<StepState>,
    /// The line (`log`); what the step did or why it failed (`step`).
    text: Option<String>,
    /// How far the transfer is (`progress`).
    progress: Option<ImageProgress>,
    /// Why the operation failed (`result`), as the operation itself has it.
    #[schema(value_type = Option<Problem>)]
    error: Option<Problem>,
    /// Whether everything the operation did was taken back (`result`); null when it succeeded.
    undone: Option<bool>,
}

/// What a frame tells.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FrameType {
    /// The operation came into a state that is not final.
    State,
    /// A step came into a state.
    Step,
    /// A step got on with the transfer of an image.
    Progress,
    /// The operation logged a line.
    Log,
    /// Somebody asked to cancel the operation.
    CancelRequested,
    /// The operation ended. This is the last frame.
    Result,
}

/// How far the transfer of an image is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImageProgress {
    /// What happens now, in Podman's words.
    status: String,
    /// Bytes so far, over all layers of which the size is known.
    current: u64,
    /// Bytes in all, of those layers. It grows while more layers become known.
    total: u64,
    /// The layers.
    layers: Vec<ImageLayer>,
}

/// How far one layer of an image is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImageLayer {
    /// The layer, by Podman's short id.
    id: String,
    /// Bytes so far.
    current: u64,
    /// Bytes in all; null while the size is not known.
    total: Option<u64>,
    /// Whether it is there in full. A small one may be before its size was ever told.
    done: bool,
}

impl OperationFrame {
    /// What is sent of an event.
    pub(crate) fn of(operation: OperationId, epoch: EpochId, event: OperationEvent) -> Self {
        let mut frame = Self {
            epoch,
            seq: event.seq,
            at: event.at,
            r#type: FrameType::State,
            state: None,
            step: None,
            step_state: None,
            text: None,
            progress: None,
            error: None,
            undone: None,
        };
        match event.change {
            OperationChange::State { state } => frame.state = Some(state),
            OperationChange::Step { step, state, detail } => {
                frame.r#type = FrameType::Step;
                (frame.step, frame.step_state, frame.text) = (Some(step), Some(state), detail);
            }
            OperationChange::Progress { step, progress } => {
                frame.r#type = FrameType::Progress;
                (frame.step, frame.progress) = (Some(step), Some(ImageProgress::of(progress)));
            }
            OperationChange::Log { step, line } => {
                frame.r#type = FrameType::Log;
                (frame.step, frame.text) = (step, Some(line));
            }
            OperationChange::CancelRequested => frame.r#type = FrameType::CancelRequested,
            OperationChange::Ended { state, error, undone } => {
                frame.r#type = FrameType::Result;
                (frame.state, frame.undone) = (Some(state), undone);
                frame.error = error.map(|failure| Problem::of_failure(operation, &failure));
            }
        }
        frame
    }
}

impl ImageProgress {
    fn of(progress: TransferProgress) -> Self {
        let TransferProgress { status, current, total, layers } = progress;
        Self { status, current, total, layers: layers.into_iter().map(ImageLayer::of).collect() }
    }
}

impl ImageLayer {
    fn of(layer: LayerProgress) -> Self {
        Self { id: layer.id, current: layer.current, total: layer.total, done: layer.done }
    }
}
