// What both servers are made of: the schema, and a shop that the benchmark has written down as JSON, relations already in place.
import { readFileSync } from "node:fs";

const products = JSON.parse(readFileSync(new URL("shop.json", import.meta.url), "utf8"));
const edges = products.map((node, number) => ({ cursor: String(number), node }));

export const port = Number(process.env.HEXMART_PORT);

export const typeDefs = `
  type Money { amount: Int! currency: String! }
  type Stock { available: Int! }
  type ProductVariant { id: ID! sku: String! name: String! price: Money! stock: Stock! }
  type Product { id: ID! name: String! slug: String! variants: [ProductVariant!]! }
  type ProductEdge { cursor: String! node: Product! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type ProductConnection { edges: [ProductEdge!]! pageInfo: PageInfo! }
  type Query { products(first: Int): ProductConnection! }
`;

export function page(first) {
  const shown = edges.slice(0, first);
  const pageInfo = {
    hasNextPage: edges.length > first,
    hasPreviousPage: false,
    startCursor: shown.at(0)?.cursor,
    endCursor: shown.at(-1)?.cursor,
  };
  return { edges: shown, pageInfo };
}
