#!/usr/bin/env python3
"""Writes an encrypted backup of an iPhone with invented content: as many files as asked for, one of them sms.db.

    generate_ios_backup.py FILES SMS.DB FOLDER

Password: PASSWORD below; rounds of key derivation as in real backups since iOS 10.2 (10,000,000 and 10,000). The other files
are random bytes, 1 to 8 KiB. Layout as in jsharkey's iphone_backup.py. Needs the package `cryptography`.
"""

import hashlib
import os
import plistlib
import random
import sqlite3
import struct
import sys
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

PASSWORD = "erfunden"
FIRST_ROUNDS, ROUNDS = 10_000_000, 10_000
CLASS = 3


def field(tag, value):
    value = struct.pack(">I", value) if isinstance(value, int) else value
    return tag + struct.pack(">I", len(value)) + value


def encrypt(key, plain):
    fill = 16 - len(plain) % 16
    return Cipher(algorithms.AES(key), modes.CBC(b"\0" * 16)).encryptor().update(plain + bytes([fill]) * fill)


def archived(size, path, wrapped):
    uid = plistlib.UID
    objects = ["$null",
               {"$class": uid(4), "Size": size, "Mode": 33188, "LastModified": 1_700_000_000, "Birth": 1_600_000_000,
                "LastStatusChange": 1_700_000_000, "InodeNumber": 1, "UserID": 501, "GroupID": 501, "Flags": 0,
                "ProtectionClass": CLASS, "RelativePath": uid(2), "EncryptionKey": uid(3)},
               path,
               {"$class": uid(5), "NS.data": struct.pack("<I", CLASS) + wrapped},
               {"$classes": ["MBFile", "NSObject"], "$classname": "MBFile"},
               {"$classes": ["NSMutableData", "NSData", "NSObject"], "$classname": "NSMutableData"}]
    archive = {"$archiver": "NSKeyedArchiver", "$version": 100000, "$top": {"root": uid(1)}, "$objects": objects}
    return plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)


def main():
    count, sms, folder = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    dice = random.Random(20240315)
    folder.mkdir(parents=True)
    for byte in range(256):
        (folder / f"{byte:02x}").mkdir()
    class_key, first_salt, salt = dice.randbytes(32), dice.randbytes(20), dice.randbytes(20)
    first = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), first_salt, FIRST_ROUNDS, 32)
    key = hashlib.pbkdf2_hmac("sha1", first, salt, ROUNDS, 32)
    keybag = b"".join([
        field(b"VERS", 5), field(b"TYPE", 1), field(b"UUID", dice.randbytes(16)), field(b"HMCK", dice.randbytes(40)),
        field(b"WRAP", 0), field(b"SALT", salt), field(b"ITER", ROUNDS), field(b"DPWT", 1), field(b"DPIC", FIRST_ROUNDS),
        field(b"DPSL", first_salt), field(b"UUID", dice.randbytes(16)), field(b"CLAS", CLASS), field(b"WRAP", 2),
        field(b"KTYP", 0), field(b"WPKY", aes_key_wrap(key, class_key)),
    ])
    plain = folder / "Manifest.plain"
    files = sqlite3.connect(plain)
    files.execute("CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)")
    files.execute("CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB)")
    for number in range(count):
        domain, path, content = "AppDomain-org.example.invented", f"Documents/data-{number:06}.bin", None
        if number == 0:
            domain, path, content = "HomeDomain", "Library/SMS/sms.db", sms.read_bytes()
        else:
            content = dice.randbytes(dice.randrange(1024, 8192))
        name = hashlib.sha1(f"{domain}-{path}".encode()).hexdigest()
        file_key = dice.randbytes(32)
        (folder / name[:2] / name).write_bytes(encrypt(file_key, content))
        record = archived(len(content), path, aes_key_wrap(class_key, file_key))
        files.execute("INSERT INTO Files VALUES (?, ?, ?, 1, ?)", (name, domain, path, record))
    files.commit()
    files.close()
    manifest_key = dice.randbytes(32)
    (folder / "Manifest.db").write_bytes(encrypt(manifest_key, plain.read_bytes()))
    os.remove(plain)
    manifest = {"IsEncrypted": True, "BackupKeyBag": keybag, "Version": "10.0", "SystemDomainsVersion": "24.0",
                "ManifestKey": struct.pack("<I", CLASS) + aes_key_wrap(class_key, manifest_key), "WasPasscodeSet": True,
                "Lockdown": {"DeviceName": "iPhone (erfunden)", "ProductVersion": "17.1"}}
    (folder / "Manifest.plist").write_bytes(plistlib.dumps(manifest, fmt=plistlib.FMT_BINARY))
    (folder / "Info.plist").write_bytes(plistlib.dumps({"Device Name": "iPhone (erfunden)", "Product Version": "17.1"}))


if __name__ == "__main__":
    main()
