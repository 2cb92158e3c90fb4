/** A request that the platform refuses, with the HTTP status it answers. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

export const notFound = (what: string): Refusal => new Refusal(404, `${what} not found`);
export const badRequest = (problem: string): Refusal => new Refusal(400, problem);
