import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authority } from '../../oauth/authority.ts';
import type { BusinessProfile } from '../catalogue.ts';
import { notFound, Refusal } from '../errors.ts';
import type { Books, Library } from '../library.ts';

/** The token of an `Authorization: Bearer` header. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Who asks, and which books they may see. What belongs to somebody else does not exist for them. */
export interface Access {
  userOf(request: FastifyRequest): bigint;
  businessesOf(request: FastifyRequest): BusinessProfile[];
  /** The books of the business that the path names. */
  ofBusiness(request: FastifyRequest): Promise<Books>;
  /** The books that hold the id in the path, and that id. */
  ofEntity(request: FastifyRequest): Promise<{ books: Books; id: bigint }>;
}

const idIn = (request: FastifyRequest, name: string): bigint => {
  const text = (request.params as Readonly<Record<string, string>>)[name] ?? '';
  if (!/^\d{1,18}$/.test(text)) throw notFound(`${name} ${text}`);
  return BigInt(text);
};

export function createAccess(library: Library, authority: Authority): Access {
  const userOf = (request: FastifyRequest): bigint => {
    const token = bearerOf(request);
    const user = token === undefined ? undefined : authority.userOf(token);
    if (user === undefined) throw new Refusal(401, 'the access token is missing, expired or revoked');
    return user;
  };
  const openOwn = async (
    request: FastifyRequest,
    profile: BusinessProfile | undefined,
    what: string,
  ): Promise<Books> => {
    if (!profile || profile.owner !== userOf(request)) throw notFound(what);
    return library.open(profile);
  };
  return {
    userOf,
    businessesOf: (request) => {
      const user = userOf(request);
      return library.businesses.filter(({ owner }) => owner === user);
    },
    ofBusiness: async (request) => {
      const id = idIn(request, 'business');
      return openOwn(
        request,
        library.businesses.find((profile) => profile.id === id),
        `business ${id}`,
      );
    },
    ofEntity: async (request) => {
      const id = idIn(request, 'id');
      return { books: await openOwn(request, library.holderOf(id), `id ${id}`), id };
    },
  };
}

/** Sends JSON as it is: text, or its UTF-8. */
export const sendJson = (reply: FastifyReply, json: string | Buffer): FastifyReply =>
  reply.type('application/json; charset=utf-8').send(json);

const [opening, comma, closing] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')] as const;

/** Sends a JSON array of elements that are texts, or their UTF-8. */
export const sendList = (reply: FastifyReply, elements: readonly (string | Uint8Array)[]): FastifyReply => {
  const bytes = elements.map((element) => (typeof element === 'string' ? Buffer.from(element) : element));
  const parts = bytes.flatMap((element, index) => (index === 0 ? [element] : [comma, element]));
  return sendJson(reply, Buffer.concat([opening, ...parts, closing]));
};
