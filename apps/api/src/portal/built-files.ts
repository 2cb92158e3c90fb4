/** The files that the portal was built into, as browsers get them: compressed once, and kept until they change. */
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export interface BuiltFile {
  readonly contentType: string;
  readonly body: Buffer;
  /** Absent: as it is. */
  readonly encoding?: 'br' | 'gzip';
}

export interface BuiltFiles {
  /**
   * @param path below the folder: `assets/index.js`
   * @param acceptEncoding the header
   * @returns undefined for what is no file there
   */
  read(path: string, acceptEncoding: string | undefined): Promise<BuiltFile | undefined>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
/** What compresses well. */
const isText = /^(?:text|application)\/|svg/;

/** Names that bundlers give; nothing hidden, and no way out of the folder. */
const plainPath = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/** The best takes ten times as long for a few percent, and somebody waits for the first answer. */
const brotliQuality = 9;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

interface Kept {
  /** Tells one state of the file from another. */
  readonly version: string;
  readonly encodings: Readonly<Record<'br' | 'gzip' | 'plain', () => Promise<Buffer>>>;
}

export function createBuiltFiles(folder: string): BuiltFiles {
  const kept = new Map<string, Kept>();

  return {
    async read(path, acceptEncoding = '') {
      const contentType = contentTypes[extname(path).toLowerCase()];
      if (contentType === undefined || !plainPath.test(path)) return undefined;
      const place = join(folder, path);
      const version = await versionOf(place);
      if (version === undefined) {
        kept.delete(path);
        return undefined;
      }
      let file = kept.get(path);
      if (file?.version !== version) {
        file = { version, encodings: encodingsOf(place) };
        kept.set(path, file);
      }
      const encoding = isText.test(contentType) ? encodingFor(acceptEncoding) : undefined;
      try {
        const body = await file.encodings[encoding ?? 'plain']();
        return { contentType, body, ...(encoding !== undefined && { encoding }) };
      } catch (error) {
        kept.delete(path);
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

function encodingsOf(place: string): Kept['encodings'] {
  const plain = once(() => readFile(place));
  return {
    plain,
    br: once(async () => {
      const body = await plain();
      const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_SIZE_HINT: sizeHint } = constants;
      return brotli(body, { params: { [quality]: brotliQuality, [sizeHint]: body.length } });
    }),
    gzip: once(async () => zip(await plain(), { level: 9 })),
  };
}

/** Work that is done the first time; those who ask meanwhile wait for the same. */
function once(work: () => Promise<Buffer>): () => Promise<Buffer> {
  let result: Promise<Buffer> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

async function versionOf(place: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(place);
    return `${ino}/${mtimeMs}/${size}`;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(ENOENT|ENOTDIR|EISDIR)$/.test(String(error.code));
}

/** The best that a browser takes; `q=0` refuses one. */
function encodingFor(acceptEncoding: string): 'br' | 'gzip' | undefined {
  const accepted = new Set(
    acceptEncoding
      .split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => !/;\s*q=0(?:\.0*)?$/.test(entry))
      .map((entry) => entry.split(';', 1)[0]),
  );
  return (['br', 'gzip'] as const).find((encoding) => accepted.has(encoding));
}
