//! What is started, and the environment that it sees.

use std::{collections::BTreeMap, env, net::SocketAddr, path::PathBuf};

use tokio::process::Command;

/// One function as Lambda would configure it: a name, a binary, memory and environment.
#[derive(Clone, Debug)]
pub struct Function {
    pub(super) name: String,
    pub(super) binary: PathBuf,
    args: Vec<String>,
    memory_mb: u32,
    env: BTreeMap<String, String>,
}

impl Function {
    /// A function of 256 MB with no variables of its own.
    #[must_use]
    pub fn new(name: &str, binary: PathBuf) -> Self {
        Self {
            name: name.to_owned(),
            binary,
            args: Vec::new(),
            memory_mb: 256,
            env: BTreeMap::new(),
        }
    }

    /// Adds an environment variable; it also overrides one that Lambda itself would set.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a command-line argument. Lambda gives none; a stand-in for a function may need one.
    #[must_use]
    pub fn arg(mut self, value: &str) -> Self {
        self.args.push(value.to_owned());
        self
    }

    /// The ARN that every invocation carries.
    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:aws:lambda:us-east-1:123456789012:function:{}", self.name)
    }

    /// The child's command line. Nothing of this process's environment reaches it, so that a test
    /// cannot pass because of a variable that production does not have.
    pub(super) fn command(&self, runtime_api: SocketAddr) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(&self.args).env_clear();
        // Coverage is the exception: it must know where to write.
        for kept in ["LLVM_PROFILE_FILE"] {
            if let Some(value) = env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", &self.name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", self.memory_mb.to_string())
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", self.name))
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[$LATEST]0123456789abcdef")
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .env("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023")
            .env("_HANDLER", "bootstrap")
            .env("LAMBDA_TASK_ROOT", "/var/task")
            .env("LAMBDA_RUNTIME_DIR", "/var/runtime")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing")
            .env("AWS_SESSION_TOKEN", "testing")
            .env("LANG", "en_US.UTF-8")
            .env("TZ", ":UTC")
            .env("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin")
            .envs(&self.env);
        command
    }
}
