/**
 * Words of protocols, programs and bookkeeping that may stand in the request log. Everything else that a platform says could be
 * somebody's name, street or secret. Words that are common names as well (Bill, Grant, Mark, May, Page, Price, Will) are left out.
 */
const words = `
a about above accept acceptable accepted access account accounting accounts action active address adjustment administrator after again
all allowed already amount an and any api application archived are argument array as at attempt attribute auth authenticate
authenticated authentication authorisation authorization authorized available back backend bad balance bank base be bearer because been
before below between body boolean bound browser business businesses busy but by cache call calls can cannot category cause caused
certificate changed character check city client code column company complete completed component condition conflict connect
connection constraint contact contacts contain contains content contract control could country create created credential credentials
credit currency current customer data database date day debit decode deleted denied deny description detail details did
disabled document does due duplicate during email empty encoding end endpoint entity entry error errors exceed exceeded exception
exist exists expected expired external fail failed failure fault feature field fields file for forbidden format found from gateway
get given got gzip had has have header headers home host hour hours however html http https id identifier if in inactive
incorrect information inner input instance integer internal invalid invoice invoices is issue it item items its json key known
language large last later length level limit limited limits line lines list location lock locked log logged login long lookup
maintenance malformed many maximum media member memo message messages method minimum minute minutes missing modified moment moved
must name negative network new no node none not note null number object of offset offline on once one only open operation option or
order organization origin other our out overload overloaded own parameter parameters parent parse parser password path payload payment
payments per permission permissions permitted phone please policy port position positive post postal present previous problem
processing product property provided proxy put query quota range rate read ready reason received record records redirect reference
refresh refused reject rejected remaining removed request requested requests required reset resource resources response result results
retry revoked right role root route row rule run scheduled schema scope second seconds section security sent server service session set should
since size some soon sort source stack start state status stop stored street string subject subscription success suspended
syntax system tax temporarily temporary terms than that the their then there this throttled throttle time timeout timestamp title to token
tokens too total trace transaction transfer try trying type unable unauthorized unavailable unauthenticated under unexpected unhandled
unit unknown unprocessable unsupported until up update updated upstream uri url use used user users valid validation value values
vendor version violation wait was way we were when where which while with within without write wrong xml yet you your zone
bodies envelope faultcode faultstring faultactor calculating described instead invalidated overdue redacted reached resolve respond responded timed
`;

export const technicalWords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));

export const htmlElements: ReadonlySet<string> = new Set(
  'html head title body h1 h2 h3 h4 h5 h6 p div span br hr center table tr td th ul ol li pre code meta script style img'.split(
    ' ',
  ),
);

/** Codes that hold a word which stands for nothing safe by itself. Source: RFC 6749, 5.2; RFC 6750, 3.1. */
export const technicalCodes: ReadonlySet<string> = new Set([
  'invalid_grant',
  'unsupported_grant_type',
  'grant_type',
]);
