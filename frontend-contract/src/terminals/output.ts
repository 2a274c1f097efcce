// The output of a command as it is kept for the screen: plain text in blocks of whole lines, the
// newest only, standard output and standard error apart.

/** A piece of output, all of one stream. */
export interface Block {
  id: number;
  stream: "stdout" | "stderr";
  text: string;
}

/** Characters kept of one command: a screen shows no more in good time. */
export const KEPT = 512 * 1024;
/** Characters of a block, after which the next line begins another. */
const BLOCK = 16 * 1024;

/** Collects the output of one command. */
export class Output {
  #blocks: readonly Block[] = [];
  #kept = 0;
  #dropped = 0;
  #id = 0;
  #carry = { stdout: "", stderr: "" };

  /** The blocks; the same array until something comes. */
  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** Characters that came and are not kept. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Everything kept, as one text. */
  text(): string {
    return this.#blocks.map((block) => block.text).join("");
  }

  /** Takes what came. */
  add(stream: Block["stream"], data: string): void {
    let text = this.#plain(stream, data);
    const blocks = [...this.#blocks];
    const last = blocks.at(-1);
    if (last?.stream === stream && (last.text.length < BLOCK || !last.text.endsWith("\n"))) {
      // To the end of the line, so that a block is of whole lines.
      const room = last.text.length < BLOCK ? text.length : text.indexOf("\n") + 1 || text.length;
      blocks[blocks.length - 1] = { ...last, text: last.text + text.slice(0, room) };
      this.#kept += room;
      text = text.slice(room);
    }
    if (text) {
      this.#id += 1;
      this.#kept += text.length;
      blocks.push({ id: this.#id, stream, text });
    }
    while (this.#kept > KEPT && blocks.length > 1) {
      const oldest = blocks.shift();
      this.#kept -= oldest?.text.length ?? 0;
      this.#dropped += oldest?.text.length ?? 0;
    }
    const [only] = blocks;
    if (only && this.#kept > KEPT) {
      const over = this.#kept - KEPT;
      blocks[0] = { ...only, text: only.text.slice(over) };
      this.#kept -= over;
      this.#dropped += over;
    }
    this.#blocks = blocks;
  }

  /** The text without control sequences, one of which may be cut at the end and go on with the next. */
  #plain(stream: Block["stream"], data: string): string {
    let text = this.#carry[stream] + data;
    // eslint-disable-next-line no-control-regex
    const cut = /(?:\r|\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]{0,256})?)$/.exec(text);
    this.#carry[stream] = cut ? cut[0] : "";
    if (cut) text = text.slice(0, cut.index);
    return text
      // eslint-disable-next-line no-control-regex
      .replace(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_]/g, "")
      .replace(/\r\n?/g, "\n")
      // eslint-disable-next-line no-control-regex
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "");
  }
}
