// The tenant read of this platform as a Fastify user would write it with care: pooled connections, named statements,
// a response schema, a JWT verifier that remembers, one log line per request. The transaction and its SQL are ours.
// Environment: PORT, DATABASE_URL, POOL, JWKS (JSON), QUERY_FILE, ISSUER, AUDIENCE.
import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import { createVerifier } from 'fast-jwt'
import pg from 'pg'

const env = process.env
const DATE = 1082
pg.types.setTypeParser(DATE, text => text)
const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: Number(env.POOL) })

const jwk = JSON.parse(env.JWKS).keys[0]
const key = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
const verify = createVerifier({
  key, algorithms: ['EdDSA'], allowedIss: env.ISSUER, allowedAud: env.AUDIENCE, cache: true
})

const text = { type: 'string' }
const textOrNull = { type: ['string', 'null'] }
const instant = { type: ['string', 'null'], format: 'date-time' }
const schema = {
  response: {
    200: {
      type: 'object',
      properties: {
        product_id: text, cusip: text, isin: textOrNull, product_name: text, product_type: text,
        product_subtype: textOrNull, issuer: textOrNull, description: textOrNull, currency: text,
        minimum_investment: text, maximum_investment: textOrNull, base_rate: text, bonus_rate: text, rate_unit: text,
        rate_effective_date: text, return_of_premium: { type: 'boolean' }, return_of_premium_percentage: textOrNull,
        terms_version: { type: 'integer' }, states: { type: ['array', 'null'], items: text },
        is_active: { type: 'boolean' }, deactivated_at: instant, created_at: instant, created_by: text,
        updated_at: instant, updated_by: textOrNull, version: text, terms_and_conditions: textOrNull,
        annuity_terms: { type: ['object', 'null'], additionalProperties: true },
        cd_terms: { type: ['object', 'null'], additionalProperties: true },
        availability: {
          type: 'array',
          items: { type: 'object', properties: { availability_id: text, start_date: text, end_date: text } }
        }
      }
    }
  }
}

const CONTEXT = 'select platform.begin_request($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)'
const QUERY = readFileSync(env.QUERY_FILE, 'utf8')
const app = Fastify({ logger: true, genReqId: () => crypto.randomUUID() })

app.get('/v1/products/:id', { schema }, async (request, reply) => {
  const claims = verify(request.headers.authorization.slice('Bearer '.length))
  const client = await pool.connect()
  try {
    await client.query('begin read only')
    await client.query({
      name: 'context', text: CONTEXT,
      values: [claims.tenant_id, claims.iss, claims.sub, claims.roles, true, new Date(), request.id, claims.sid,
        request.ip, request.headers['user-agent'], 'product_get']
    })
    const { rows } = await client.query({ name: 'get', text: QUERY, values: [request.params.id] })
    await client.query('commit')
    if (rows.length === 0) return reply.code(404).send()
    const row = rows[0]
    row.rate_unit = 'percent'
    row.states ??= []
    return reply.header('etag', `"${row.version}"`).send(row)
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
})

await app.listen({ port: Number(env.PORT), host: '127.0.0.1' })
