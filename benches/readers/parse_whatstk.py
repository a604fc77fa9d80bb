"""Reads a chat with whatstk and says how many messages there are."""

import sys

from whatstk import df_from_whatsapp

print(len(df_from_whatsapp(sys.argv[1], max_size=None)))
