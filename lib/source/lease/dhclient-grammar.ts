// SPDX-License-Identifier: MIT
// The grammar of dhclient.leases(5): statements of words that end with a semicolon or a block of statements. Reads both the
// file of DHCPv4 and that of DHCPv6. Throws nothing: a statement that has no end yet is not there.

export interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
}

export interface Statement {
  readonly words: readonly Word[];
  readonly block?: readonly Statement[];
}

/** Deeper than the file ever is. */
const mostDepth = 8;

// A text without its second quote is one token to the end of its line: looking for that quote from each first one would take the
// square of the time.
const token = /#[^\n]*|"((?:[^"\\\n]|\\[^\n])*)("?)|([{};])|([^\s{};"#]+)/g;

export function parseStatements(text: string): readonly Statement[] {
  const top: Statement[] = [];
  /** Blocks that are open, each with the words before it. */
  const open: { readonly words: readonly Word[]; readonly statements: Statement[] }[] = [];
  let statements = top;
  let words: Word[] = [];
  for (const [whole, quoted, end, mark, bare] of text.matchAll(token)) {
    if (whole.startsWith('#')) continue;
    if (end === '') return top;
    if (quoted !== undefined) words.push({ text: unescaped(quoted), isQuoted: true });
    else if (bare !== undefined) words.push({ text: bare, isQuoted: false });
    else if (mark === ';') {
      if (words.length > 0) statements.push({ words });
      words = [];
    } else if (mark === '{') {
      if (open.length === mostDepth) return top;
      open.push({ words, statements });
      statements = [];
      words = [];
    } else {
      const parent = open.pop();
      // A brace too many: nothing behind it can be trusted to be what it looks like.
      if (parent === undefined) return top;
      parent.statements.push({ words: parent.words, block: statements });
      statements = parent.statements;
      words = [];
    }
  }
  return top;
}

/** Whether the last statement has its end, so that nothing is being written. */
export const endsWithStatement = (text: string) => /[};]\s*$/.test(text);

/** Octets are in octal, and quotes and backslashes stand behind a backslash. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3}|.)/g, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8) & 0xff) : escaped,
  );
}
