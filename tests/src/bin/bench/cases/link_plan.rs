//! What is measured on loopback, and what less over a slower link.

use crate::clients::Way;
use crate::link::Shape;
use crate::plan::Options;

/// The plan for a link.
pub(crate) struct LinkPlan {
    shape: Option<Shape>,
}

impl LinkPlan {
    /// No link at all.
    pub(crate) fn loopback() -> Self {
        Self { shape: None }
    }

    /// For a shaped link.
    pub(crate) fn of(shape: Shape) -> Self {
        Self { shape: Some(shape) }
    }

    /// Name of a case of one large file.
    pub(crate) fn case(&self, protocol: &str, way: Way) -> String {
        let name = format!("{protocol}-{}", way.name());
        match self.shape {
            None => name,
            Some(shape) => format!("{}/{name}", shape.name()),
        }
    }

    /// Name of the case that measures the link itself.
    pub(crate) fn own_case(&self) -> String {
        let shape = self.shape.map_or("loopback", Shape::name);
        format!("{shape}/link")
    }

    /// Whether anything is to be measured over it.
    pub(crate) fn wanted(&self, options: &Options) -> bool {
        let cases = ["sftp", "ftp"]
            .into_iter()
            .flat_map(|protocol| Way::BOTH.map(|way| self.case(protocol, way)));
        cases.into_iter().any(|case| options.case(&case))
    }

    /// Bytes of the large file.
    pub(crate) fn size(&self, options: &Options) -> u64 {
        match self.shape {
            None => options.large(),
            Some(_) => options.bytes(256),
        }
    }

    /// Rounds in the full form.
    pub(crate) fn rounds(&self) -> usize {
        match self.shape {
            None => 3,
            Some(_) => 2,
        }
    }

    /// Whether a contender takes part; over a link those that differ there.
    pub(crate) fn contender(&self, name: &str) -> bool {
        self.shape.is_none() || !matches!(name, "paramiko" | "asyncssh")
    }
}
