/** What the API tells of the requests that it answers. */
export interface ApiMetrics {
  /** @param request.route the route's pattern, never a path: paths hold ids; undefined when no route matched */
  requestAnswered(request: {
    method: string;
    route: string | undefined;
    status: number;
    durationMs: number;
  }): void;
}
