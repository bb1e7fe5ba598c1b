"""What turns a person's bytes into bytes that only the passphrase can read.

Whoever writes data about a person calls `vault.seal(owner, data)` on the way to disk
and `vault.unseal(data, owner)` on the way back. Sealed bytes begin with MAGIC; others
are returned as they are, so folders that are half sealed, half not can be read.

An owner is a person's id; "people" for what concerns several; "inbox/<group>" and
"events". Data that changes hands is sealed anew: `vault.reseal(data, owner, to)`.

    passphrase ─scrypt→ key ─unwraps→ master key   vault.json, a copy in keys/
                        master key ─unwraps→ key of an owner   keys/<digest>.key
                        key of an owner ─AES-256-GCM→ the files, bound to the owner

Without the key of an owner nothing of that owner can be read again, wherever copies
are.
"""

from facecam.vault.header import KEYS, NAME
from facecam.vault.opening import (
    change_passphrase,
    create,
    open_vault,
    protection,
    remove,
    settle,
)
from facecam.vault.protocol import MAGIC, PLAIN, Plain, Vault
from facecam.vault.unlocked import Unlocked, key_path

__all__ = [
    "KEYS",
    "MAGIC",
    "NAME",
    "PLAIN",
    "Plain",
    "Unlocked",
    "Vault",
    "change_passphrase",
    "create",
    "key_path",
    "open_vault",
    "protection",
    "remove",
    "settle",
]
