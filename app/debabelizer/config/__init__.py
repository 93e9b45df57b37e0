"""Settings, secrets, folders and logs: one table, read from defaults, file, environment and command line."""

from debabelizer.config.origin import Origin, Source
from debabelizer.config.problem import SettingProblem
from debabelizer.config.secrets import SecretPlace, SecretStatus, SecretStore
from debabelizer.config.settings import Settings

__all__ = ["Origin", "SecretPlace", "SecretStatus", "SecretStore", "SettingProblem", "Settings", "Source"]
