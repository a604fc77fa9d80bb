// Reads a chat with whatsapp-chat-parser and says how many messages there are.
import fs from "node:fs";
import { parseString } from "whatsapp-chat-parser";

console.log(parseString(fs.readFileSync(process.argv[2], "utf8")).length);
