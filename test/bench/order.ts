// What the benchmark sends: an order as a shop sends it, about one kilobyte, with a mark that finds its way to the sink.

/** Every mark names its round, its number in the round and when it was due, in microseconds of `nowMs`. */
const MARK = /bench-(\d+)-(\d+)-(\d+)-end/;

export interface Mark {
  round: number;
  number: number;
  /** In milliseconds of `nowMs`. */
  dueAt: number;
}

/** Milliseconds on a clock that all processes of a machine share, and that never jumps. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The first mark in a text, wherever a product has put it. */
export function markIn(text: string): Mark | null {
  const [, round, number, micros] = MARK.exec(text) ?? [];
  if (round === undefined) return null;
  return { round: Number(round), number: Number(number), dueAt: Number(micros) / 1000 };
}

/** One order: all of them have the same length. */
export function orderText({ round, number, dueAt }: Mark): string {
  const id = digits(number, 10);
  const mark = `bench-${digits(round, 4)}-${id}-${digits(Math.round(dueAt * 1000), 16)}-end`;
  return `{"id":5${id},"admin_graphql_api_id":"gid://shopify/Order/5${id}","name":"#1${id}","cart_token":"${mark}",${REST}`;
}

export const ORDER_HEADERS: Record<string, string> = {
  "content-type": "application/json",
  "user-agent": "Shopify-Captain-Hook",
  "x-shopify-topic": "orders/create",
  "x-shopify-shop-domain": "corner-shop.example.com",
  "x-shopify-api-version": "2026-01",
};

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

const REST = JSON.stringify({
  created_at: "2026-03-14T09:26:53-04:00",
  currency: "EUR",
  current_total_price: "59.80",
  email: "Ada.Lovelace@example.com",
  financial_status: "paid",
  tags: "first-order, newsletter",
  note: "Please leave it with the neighbour on the second floor.",
  source_name: "web",
  subtotal_price: "50.25",
  taxes_included: true,
  total_tax: "9.55",
  customer: {
    id: 207119551,
    first_name: "Ada",
    last_name: "Lovelace",
    orders_count: 1,
    phone: "+4930123456",
  },
  shipping_address: {
    name: "Ada Lovelace",
    address1: "Unter den Linden 6",
    city: "Berlin",
    zip: "10117",
    country_code: "DE",
  },
  line_items: [
    { id: 866550311766, sku: "TEA-250", title: "Assam, 250 g", quantity: 2, price: "19.90" },
    { id: 141249953214, sku: "POT-1", title: "Teapot, white", quantity: 1, price: "20.00" },
  ],
  shipping_lines: [{ code: "DHL", price: "0.00", title: "Standard" }],
}).slice(1);
