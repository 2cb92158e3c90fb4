import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';

/** One line tells a request with its answer. A second one, when it arrives, would cost as much again and say nothing more. */
export class OneLinePerRequest extends LogController {
  override incomingRequest(): void {
    // Told with the answer.
  }

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const members = { req: request, res: reply, responseTime: reply.elapsedTime };
    if (error) reply.log.error({ ...members, err: error }, 'request errored');
    else reply.log.info(members, 'request completed');
  }
}
