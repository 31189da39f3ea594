/** How hard a password is to guess, from the kinds of characters and their number. */
export function strength(password: string): { share: number; word: string } {
  const kinds = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^A-Za-z\d]/, 33],
  ] as const;
  const alphabet = kinds.reduce((sum, [pattern, size]) => sum + (pattern.test(password) ? size : 0), 0);
  const isOneCharacter = new Set(password).size < 4;
  const bits = alphabet === 0 || isOneCharacter ? 0 : password.length * Math.log2(alphabet);
  const word = bits >= 100 ? "strong" : bits >= 60 ? "fair" : "weak";
  return { share: Math.min(1, bits / 128), word };
}

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/** A password of 24 characters that are not taken for each other, about 139 bits. */
export function generatePassword(): string {
  let password = "";
  while (password.length < 24) {
    const [byte = 255] = window.crypto.getRandomValues(new Uint8Array(1));
    // Bytes beyond the last whole round would make some letters likelier.
    if (byte < 256 - (256 % LETTERS.length)) password += LETTERS.charAt(byte % LETTERS.length);
  }
  return password;
}
