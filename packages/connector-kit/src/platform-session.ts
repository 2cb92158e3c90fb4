/** Access to a platform, as connectors are handed it, and what goes over it. */

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** One call to the platform, below the platform's API base. */
export interface PlatformRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the API base, starting with a slash; parameters are already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: string;
  /**
   * What the call is, where path and query do not tell (SOAP), in their form: `GetInvoice?InvoiceNumber=6`. Shown in the request log
   * below the path; holds no secret.
   */
  readonly operation?: string;
  /** The call changes nothing, whatever its method: it may be repeated. A GET never does. */
  readonly isRead?: boolean;
  /** Statuses beside 2xx that the caller understands (404 of a single read); anything else is thrown as a PlatformError. */
  readonly accept?: readonly number[];
  /**
   * Awaited before each attempt, when token and slot are there and nothing is left to do but send. When it throws, nothing is sent,
   * and its error is thrown.
   */
  readonly beforeSending?: () => Promise<void>;
}

export interface PlatformResponse {
  readonly status: number;
  readonly text: string;
  /** What `text` is made of, when it is asked for; absent: the text is all there is. Whoever alters the text leaves it out. */
  readonly body?: Buffer;
  /** The platform's clock when it answered (`Date` header), epoch milliseconds; undefined when it sent none. */
  readonly platformTimeMs: number | undefined;
  /** `Location` header: where a record was created. */
  readonly location?: string | undefined;
}

/** Authorised, paced, retried access for one connection. */
export interface PlatformSession {
  /** The chosen business's id at the platform; undefined while linking. */
  readonly businessId: string | undefined;
  /** `connectionInfo` of the chosen business. */
  readonly info: Readonly<Record<string, string>>;
  request(request: PlatformRequest): Promise<PlatformResponse>;
}

/** A record as the platform sent it. */
export interface WireRecord {
  /** The id that the unified record will have. */
  readonly id: string;
  /** Exact JSON text as received: kept in the raw table, and hashed. A record of a listing makes it anew each time that it is asked for. */
  readonly raw: string;
  /** `raw` in UTF-8, where that is how it came. */
  readonly bytes?: Buffer;
}
