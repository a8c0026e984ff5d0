"""The key a server proves itself with: kept, so that learners are not warned on the next day."""

from __future__ import annotations

import os
from pathlib import Path

import asyncssh
from platformdirs import user_data_path

from gdsim.errors import GdsimError

_ALGORITHM = "ssh-ed25519"


def host_key(path: Path | None) -> asyncssh.SSHKey:
    """Return the server's key, made and kept where there is none yet; only its owner can read the file.

    path: None for the one in the user's data folder. Raises GdsimError when it can be neither read nor written.
    """
    path = path or user_data_path("gdsim") / "serve_host_key"
    try:
        if not path.exists():
            _keep(path, asyncssh.generate_private_key(_ALGORITHM).export_private_key())
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        return asyncssh.import_private_key(path.read_bytes())
    except OSError as error:
        what = f"cannot be {'read' if path.exists() else 'written'}: {error.strerror}"
        raise GdsimError(str(path), what, "another file for --host-key") from None
    except asyncssh.KeyImportError as error:
        raise GdsimError(str(path), f"is no private key without a passphrase: {error}", "--host-key FILE") from None


def _keep(path: Path, key: bytes) -> None:
    """Write a key under another name first, so that a file of this name is always whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    try:
        os.link(draft, path)  # fails where another server was quicker: its key is as good
    except FileExistsError:
        pass
    finally:
        draft.unlink()
