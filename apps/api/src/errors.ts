/**
 * What can go wrong, as the API's clients see it. Services throw these; one handler (plugins/error-envelope.ts) turns them, and
 * everything else that is thrown, into the error envelope.
 */

/** Whether sending the same request again can help. Clients read it as text. */
export type CanBeRetried = 'True' | 'False' | 'Unknown';

/** One line of the envelope's `validation`. */
export interface ValidationItem {
  /** Where the problem is: `body.name`, `query.pageSize`. */
  readonly itemId?: string;
  readonly message: string;
  readonly validatorName?: string;
}

export interface ApiErrorDetails {
  readonly canBeRetried?: CanBeRetried;
  readonly detailedErrorCode?: number;
  readonly errors?: readonly ValidationItem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error with a status and a message for the client. The message is public: it never holds internals or secrets. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly statusCode: number;
  readonly canBeRetried: CanBeRetried;
  readonly detailedErrorCode: number;
  readonly errors: readonly ValidationItem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(statusCode: number, message: string, details: ApiErrorDetails = {}) {
    super(message);
    this.statusCode = statusCode;
    this.canBeRetried = details.canBeRetried ?? 'False';
    this.detailedErrorCode = details.detailedErrorCode ?? 0;
    this.errors = details.errors ?? [];
    this.headers = details.headers ?? {};
  }
}

/** 400: the request is wrong in itself. */
export function badRequest(message: string, errors?: readonly ValidationItem[]): ApiError {
  return new ApiError(400, message, errors === undefined ? {} : { errors });
}

/**
 * 400 for one thing that the client sent; it stands in the sentence and in the envelope's `validation.errors`.
 * @param place where it is: `body.platformType`, `query.orderBy`
 * @param message goes on from the place: `must be an http or https URL`
 * @param validatorName the rule that it breaks
 */
export function refused(place: string, message: string, validatorName: string): ApiError {
  return badRequest(`${place}: ${message}`, [{ itemId: place, message, validatorName }]);
}

/** 401: no API key, or one that is not known. */
export function unauthorized(): ApiError {
  return new ApiError(401, 'The request needs a valid API key in its Authorization header.', {
    headers: { 'www-authenticate': 'Basic realm="Tributary", charset="UTF-8"' },
  });
}

/**
 * 401 for pages of the portal. It names a scheme that browsers do not know: for one that they know they would ask for a password in
 * a dialog of their own.
 */
export function signInNeeded(message = 'Sign in to the portal first.'): ApiError {
  return new ApiError(401, message, { headers: { 'www-authenticate': 'PortalSession realm="Tributary"' } });
}

/** 403: the access token of a company, or the role of a portal user, does not reach so far. */
export function forbidden(message: string): ApiError {
  return new ApiError(403, message);
}

/**
 * 404: there is no such thing, or it belongs to another client; the two must not be told apart.
 * @param what names the kind of thing, never its id: `company`, `connection`
 */
export function notFound(what: string): ApiError {
  return new ApiError(404, `The ${what} was not found.`);
}

/** 404 with a sentence of its own: `Datatype invoices not supported by platform(s) ksho`. */
export function notFoundBecause(message: string): ApiError {
  return new ApiError(404, message);
}

/** 409: the request is right, the state of things is not. */
export function conflict(message: string, details: Pick<ApiErrorDetails, 'canBeRetried'> = {}): ApiError {
  return new ApiError(409, message, details);
}

/** 429: the client's quota of the day is used up. */
export function tooManyRequests(message: string, retryAfterSeconds: number): ApiError {
  const headers = { 'retry-after': String(retryAfterSeconds) };
  return new ApiError(429, message, { canBeRetried: 'True', headers });
}

/** 503: something that we need is away, and may be back soon. */
export function serviceUnavailable(message: string, retryAfterSeconds = 5): ApiError {
  const headers = { 'retry-after': String(retryAfterSeconds) };
  return new ApiError(503, message, { canBeRetried: 'True', headers });
}
