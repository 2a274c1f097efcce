//! The settings of recordings, checked.

use super::ConfigError;
use super::layer::Layer;
use connection_core::recording::{
    DEFAULT_MAX_SIZE, DEFAULT_TOTAL_SIZE, RecordPolicy, RecordingSettings,
};

/// Smallest limit of a recording: with less there is hardly room for its header.
const SMALLEST_RECORDING: u64 = 64 * 1024;

/// What a layer says of recordings; `None` and there are none.
///
/// # Errors
/// A value cannot be used; the text names the setting.
pub(super) fn recordings(layer: &Layer) -> Result<Option<RecordingSettings>, ConfigError> {
    let policy = match layer.record.as_deref() {
        None => RecordPolicy::default(),
        Some(name) => name.parse().map_err(|()| {
            let text = format!("record: {name:?} is none of never, on-request and always");
            ConfigError::new(text)
        })?,
    };
    let Some(directory) = &layer.recording_dir else {
        return match (&layer.record, policy) {
            (None, _) | (_, RecordPolicy::Never) => Ok(None),
            // Whoever asks for recordings must not find out later that there are none.
            _ => Err(ConfigError::new(
                "record: there is no recording_dir to record into",
            )),
        };
    };
    if !directory.is_absolute() {
        return Err(ConfigError::new(format!(
            "recording_dir: {} is not an absolute path",
            directory.display()
        )));
    }
    let size = |setting: &str, given: Option<u64>, default| match given.unwrap_or(default) {
        ..SMALLEST_RECORDING => Err(ConfigError::new(format!(
            "{setting}: must be at least {SMALLEST_RECORDING} bytes"
        ))),
        size => Ok(size),
    };
    Ok(Some(RecordingSettings {
        directory: directory.clone(),
        policy,
        input: layer.record_input.unwrap_or_default(),
        max_size: size(
            "recording_max_size",
            layer.recording_max_size,
            DEFAULT_MAX_SIZE,
        )?,
        total_size: size(
            "recording_total_size",
            layer.recording_total_size,
            DEFAULT_TOTAL_SIZE,
        )?,
    }))
}
