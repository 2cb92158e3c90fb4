/** Passwords of portal users, as scrypt hashes that say how they were made. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of new hashes: 32 MB and about a tenth of a second. */
const parameters = { logN: 15, r: 8, p: 3 };
const saltBytes = 16;
const hashBytes = 32;

const form = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+=*)\$([\w+/]+=*)$/;

/** `$scrypt$ln=15,r=8,p=3$salt$hash`, salt and hash in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const { logN, r, p } = parameters;
  const derived = await derive(password, salt, hashBytes, parameters);
  return `$scrypt$ln=${logN},r=${r},p=${p}$${salt.toString('base64')}$${derived.toString('base64')}`;
}

/** Whether a password is the one that was hashed. Takes as long for a wrong one as for the right one. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, logN, r, p, salt, expected] = form.exec(stored) ?? [];
  if (salt === undefined || expected === undefined) throw new Error('a stored password hash cannot be read');
  const known = Buffer.from(expected, 'base64');
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64'), known.length, cost);
  return timingSafeEqual(derived, known);
}

/** Spends the time that {@link verifyPassword} takes, where there is no hash to compare with. */
export async function pretendToVerify(password: string): Promise<void> {
  await derive(password, Buffer.alloc(saltBytes), hashBytes, parameters);
}

function derive(
  password: string,
  salt: Buffer,
  length: number,
  { logN, r, p }: typeof parameters,
): Promise<Buffer> {
  const N = 2 ** logN;
  const options: ScryptOptions = { N, r, p, maxmem: 128 * N * r * 2 };
  return new Promise((resolve, reject) => {
    // Keyboards differ in how they compose the same character.
    scrypt(password.normalize('NFKC'), salt, length, options, (error, derived) =>
      error === null ? resolve(derived) : reject(error),
    );
  });
}
