#!/usr/bin/env python3
"""Writes a large database of messages with invented people, the same for the same arguments.

    generate_database.py ios_sms|whatsapp_android MESSAGES FILE

The tables are those of the readers' fixtures. `ios_sms`: half of the texts stand in `attributedBody` only, two in a hundred
rows are reactions, three in a hundred have an attachment; 50 chats. `whatsapp_android` (schema since 2021): one in a hundred
rows is a system row, six media, three locations, some quoted, edited, reacted to; 50 chats, ten of them groups.
"""

import random
import sqlite3
import sys
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "crates/readers/fixtures"
SCHEMAS = {
    "ios_sms": FIXTURES / "ios_sms/ordinary/input/HomeDomain/Library/SMS/sms.db.sql",
    "whatsapp_android": FIXTURES / "whatsapp_android/since_2021/input/com.whatsapp/databases/msgstore.db.sql",
}
WORDS = ("komm bitte heute noch zur wohnung ich warte unten an der tür und habe das geld nicht dabei du weißt was "
         "passiert wenn du wieder zu spät bist schreib mir sofort zurück okay morgen früh um zehn am bahnhof ja nein "
         "vielleicht später der fahrer holt dich ab nimm den pass mit").split()
CHATS = 50
# An archived NSAttributedString: what stands before the text, between it and its run, and behind.
BEFORE = bytes.fromhex("040b73747265616d747970656481e803840140848484124e5341747472696275746564537472696e67008484084e534f"
                       "626a656374008592848484084e53537472696e67019484012b")
BETWEEN = bytes.fromhex("868402694901")
BEHIND = bytes.fromhex("928484840c4e5344696374696f6e617279009484016901928496961d5f5f6b494d4d65737361676550617274417474"
                       "7269627574654e616d658692848484084e534e756d626572008484074e5356616c7565009484012a8499990086868"
                       "6")


def number(value):
    return bytes([value]) if value < 0x80 else b"\x81" + value.to_bytes(2, "little")


def attributed(text):
    raw = text.encode()
    units = len(text.encode("utf-16-le")) // 2
    return BEFORE + number(len(raw)) + raw + BETWEEN + number(units) + BEHIND


def tables(connection, schema):
    for statement in schema.read_text(encoding="utf-8").split(";\n"):
        if statement.strip().startswith("CREATE TABLE"):
            connection.execute(statement)


def text_of(dice):
    return " ".join(dice.choice(WORDS) for _ in range(dice.randrange(1, 27)))


def ios_sms(connection, count, dice):
    put = connection.execute
    for chat in range(1, CHATS + 1):
        person = f"+49171392{chat:04}"
        put("INSERT INTO handle(ROWID, id, country, service) VALUES (?, ?, 'de', 'iMessage')", (chat, person))
        put("INSERT INTO chat(ROWID, guid, style, chat_identifier, service_name) VALUES (?, ?, 45, ?, 'iMessage')",
            (chat, f"iMessage;-;{person}", person))
        put("INSERT INTO chat_handle_join VALUES (?, ?)", (chat, chat))
    date = 600_000_000_000_000_000
    for row in range(1, count + 1):
        date += dice.randrange(1, 360) * 1_000_000_000
        chat, mine, kind = dice.randrange(1, CHATS + 1), dice.randrange(2), dice.random()
        guid = f"A0000000-0000-4000-8000-{row:012}"
        body = text_of(dice)
        text, archived, about, tapback = (body, None, None, 0) if row % 2 else (None, attributed(body), None, 0)
        if kind < 0.02 and row > 100:
            about, tapback = f"p:0/A0000000-0000-4000-8000-{row - 99:012}", 2001
        put("INSERT INTO message(ROWID, guid, text, attributedBody, handle_id, service, date, date_read, is_from_me, is_read,"
            " is_sent, destination_caller_id, associated_message_guid, associated_message_type)"
            " VALUES (?, ?, ?, ?, ?, 'iMessage', ?, ?, ?, 1, ?, '+491713929999', ?, ?)",
            (row, guid, text, archived, chat, date, date + 5_000_000_000, mine, mine, about, tapback))
        put("INSERT INTO chat_message_join VALUES (?, ?, ?)", (chat, row, date))
        if kind > 0.97:
            put("INSERT INTO attachment(ROWID, guid, filename, mime_type, total_bytes, transfer_name)"
                " VALUES (?, ?, ?, 'image/jpeg', 12345, 'IMG.JPG')",
                (row, f"at_{row}", f"~/Library/SMS/Attachments/ab/12/at_{row}/IMG.JPG"))
            put("INSERT INTO message_attachment_join VALUES (?, ?)", (row, row))


def whatsapp_android(connection, count, dice):
    put = connection.execute
    # What the exporter that stands beside us asks for, and the fixtures do not have.
    put("CREATE TABLE message_future (message_row_id INTEGER PRIMARY KEY, version INTEGER)")
    put("ALTER TABLE message_media ADD COLUMN message_url TEXT")
    put("CREATE TABLE media_hash_thumbnail (media_hash TEXT PRIMARY KEY, thumbnail BLOB)")
    put("CREATE TABLE message_system_group (message_row_id INTEGER PRIMARY KEY, is_me_joined INTEGER)")
    put("CREATE TABLE message_system_number_change (message_row_id INTEGER PRIMARY KEY, old_jid_row_id INTEGER,"
        " new_jid_row_id INTEGER)")
    for chat in range(1, CHATS + 1):
        user, server, kind = f"49171392{chat:04}", "s.whatsapp.net", 0
        if chat > CHATS - 10:
            user, server, kind = f"12036300000000{chat:04}", "g.us", 1
        put("INSERT INTO jid VALUES (?, ?, ?, 0, 0, ?, ?)", (chat, user, server, kind, f"{user}@{server}"))
        put("INSERT INTO chat VALUES (?, ?, 0, ?, 1546300800000, 0)", (chat, chat, "Gruppe (erfunden)" if kind else None))
    at = 1_546_300_800_000
    for row in range(2, count + 2):
        at += dice.randrange(1, 360) * 1000
        chat, mine, kind = dice.randrange(1, CHATS + 1), dice.randrange(2), dice.random()
        sender = dice.randrange(1, CHATS - 9) if chat > CHATS - 10 and not mine else 0
        text, sort = text_of(dice), 0
        if kind < 0.01:
            text, sort = None, 7
        elif kind < 0.07:
            text, sort = None, 1
        elif kind < 0.10:
            text, sort = None, 5
        put("INSERT INTO message(_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, timestamp, received_timestamp,"
            " receipt_server_timestamp, message_type, text_data, starred, broadcast, sort_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, -1, ?, ?, 0, 0, ?)",
            (row, chat, mine, f"KEY{row:017}", sender, 13 if mine else 0, at, 0 if mine else at + 900, sort, text, row))
        if sort == 7:
            put("INSERT INTO message_system VALUES (?, 12)", (row,))
            put("INSERT INTO message_system_chat_participant VALUES (?, 1)", (row,))
        elif sort == 1:
            put("INSERT INTO message_media(message_row_id, chat_row_id, transferred, file_path, file_size, mime_type, file_length)"
                " VALUES (?, ?, 1, ?, 12345, 'image/jpeg', 12345)",
                (row, chat, f"Media/WhatsApp Images/IMG-20200101-WA{row:07}.jpg"))
        elif sort == 5:
            put("INSERT INTO message_location(message_row_id, chat_row_id, latitude, longitude) VALUES (?, ?, 52.5, 13.4)",
                (row, chat))
        elif kind > 0.97:
            put("INSERT INTO message_quoted VALUES (?, ?, ?, 0, 0, ?, ?, 0, 0, 'früher')",
                (row, chat, chat, f"KEY{max(2, row - 50):017}", at - 9000))
        elif kind > 0.96:
            put("INSERT INTO message_add_on VALUES (?, ?, 0, ?, -1, ?, ?, 0, 56)", (row, chat, f"A{row}", row, at + 3000))
            put("INSERT INTO message_add_on_reaction VALUES (?, '👍', ?)", (row, at + 3000))
        elif kind > 0.955:
            put("INSERT INTO message_edit_info VALUES (?, ?, ?, ?)", (row, f"OLD{row}", at + 60_000, at + 60_000))


def main():
    form, count, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = off")
    connection.execute("PRAGMA synchronous = off")
    tables(connection, SCHEMAS[form])
    {"ios_sms": ios_sms, "whatsapp_android": whatsapp_android}[form](connection, count, random.Random(20240315))
    connection.commit()
    connection.close()


if __name__ == "__main__":
    main()
