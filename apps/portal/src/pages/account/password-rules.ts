/** As the server demands it. */
export const leastPasswordLength = 12;
