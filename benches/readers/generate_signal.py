#!/usr/bin/env python3
"""Writes a backup of Signal for Android (first kind, header version 1) with invented people, the same each time.

    generate_signal.py MESSAGES FILE

Every fiftieth message has an attachment of 2 to 22 KiB and a reaction. Passphrase: PASSPHRASE below. The tables are those of
the readers' fixtures; layout of the encryption: Backups.proto and FullBackupExporter of signalapp/Signal-Android.
Needs the package `cryptography`.
"""

import hashlib
import hmac
import random
import struct
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

sys.path.insert(0, str(Path(__file__).parents[2] / "crates/readers/fixtures/make"))
import signal_frames as frames  # noqa: E402  (the folder must be known first)

PASSPHRASE = "123456789012345678901234567890"
ROUNDS = 250_000
IV, SALT = b"i" * 16, b"s" * 32


class Sealed:
    """A backup that is encrypted while it is written."""

    def __init__(self, out):
        self.out, self.counter = out, struct.unpack(">I", IV[:4])[0]
        digits = PASSPHRASE.encode()
        derived = digits
        for number in range(ROUNDS):
            derived = hashlib.sha512((SALT if number == 0 else b"") + derived + digits).digest()
        keys = HKDF(hashes.SHA256(), 64, b"\0" * 32, b"Backup Export").derive(derived[:32])
        self.cipher, self.mac = algorithms.AES(keys[:32]), keys[32:]

    def next(self):
        vector = struct.pack(">I", self.counter) + IV[4:]
        self.counter = self.counter + 1 & 0xFFFF_FFFF
        return vector, Cipher(self.cipher, modes.CTR(vector)).encryptor()

    def frame(self, body):
        _, stream = self.next()
        sealed = stream.update(struct.pack(">I", len(body) + 10) + body)
        self.out.write(sealed + hmac.digest(self.mac, sealed, "sha256")[:10])

    def blob(self, content):
        vector, stream = self.next()
        sealed = stream.update(content)
        self.out.write(sealed + hmac.digest(self.mac, vector + sealed, "sha256")[:10])


class Backup(frames.Backup):
    """The fixtures' backup, whose frames go to the file at once."""

    def put(self, sealed):
        for frame in self.out:
            sealed.frame(frame[4:])
        self.out = []


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    dice = random.Random(20240315)
    words = "das ist eine erfundene Nachricht mit ein paar Wörtern darin und noch einigen mehr am Abend".split()
    with open(path, "wb") as out:
        sealed, backup = Sealed(out), Backup()
        out.write(backup.out[0])
        backup.out = backup.out[1:]
        frames.new_schema(backup)
        frames.people(backup)
        for number in range(1, count + 1):
            text = " ".join(dice.choice(words) for _ in range(dice.randrange(1, 27)))
            incoming = number % 2
            sender, to = (frames.ANNA, frames.ME) if incoming else (frames.ME, frames.ANNA)
            frames.said(backup, number, sender, to, 1 + number % 3, frames.IN if incoming else frames.OUT, text)
            backup.put(sealed)
        for number in range(50, count + 1, 50):
            size = dice.randrange(2048, 22528)
            backup.row("attachment", _id=number, message_id=number, content_type="image/jpeg", data_size=size,
                       transfer_state=0, data_file="/x")
            backup.row("reaction", _id=number, message_id=number - 1, author_id=frames.ANNA, emoji="👍",
                       date_sent=frames.BASE, date_received=frames.BASE)
            backup.out.append(frames.frame(frames.field(4, frames.field(1, number) + frames.field(2, frames.BASE + number)
                                                        + frames.field(3, size))))
            backup.put(sealed)
            sealed.blob(b"\xff\xd8\xff\xe0" + dice.randbytes(size - 4))
        sealed.frame(frames.field(6, True))


if __name__ == "__main__":
    main()
