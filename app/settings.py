"""What an operator may decide, read once from the environment (KLASTERIS_…) and frozen."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
WEAK_SECRETS = {"", "changethis", "secret", "klasteris", "development"}


class Mode(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"
    DEMO = "demo"


class Settings(BaseSettings):
    """Every setting with its default; a default stands here only if it is safe in production, or is refused there."""

    model_config = SettingsConfigDict(env_prefix="KLASTERIS_", env_file=".env", extra="ignore", frozen=True)

    mode: Mode = Mode.DEVELOPMENT
    database_url: str = Field(f"sqlite:///{ROOT / 'var' / 'klasteris.sqlite'}", description="SQLAlchemy address")
    files: Path = Field(ROOT / "var" / "files", description="folder of the content-addressed file store")
    courses: Path = Field(ROOT / "courses", description="folder of courses published at start-up")
    base_url: str = Field("http://127.0.0.1:8000", description="address people use; goes into mails")
    secret: SecretStr = Field(SecretStr("development"), description="at least 32 characters; signs nothing else twice")
    host: str = "127.0.0.1"
    port: int = 8000
    operator: str = Field("Klasteris", description="who runs this installation; shown in notices and mails")
    operator_contact: str = Field("", description="address for privacy and accessibility matters")
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_starttls: bool = False
    mail_from: str = "klasteris@klasteris.example"
    trusted_proxies: str = Field("", description="addresses whose X-Forwarded-* headers are believed, comma separated")
    timezone: str = "Europe/Vilnius"
    country: Literal["LT", "NO"] = Field(
        "LT", description="whose public holidays count where no organisation says anything; what a new tree begins with"
    )

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def demo(self) -> bool:
        return self.mode is Mode.DEMO

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> Settings:
        if self.mode is not Mode.PRODUCTION:
            return self
        secret = self.secret.get_secret_value()
        if secret in WEAK_SECRETS or len(secret) < 32:
            raise ValueError("KLASTERIS_SECRET must be at least 32 random characters in production")
        if not self.secure_cookies:
            raise ValueError("KLASTERIS_BASE_URL must start with https:// in production")
        return self
