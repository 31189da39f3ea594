// Connection strings and the lines of code that use them.
import type { Engine } from "@/lib/api";

/** A connection string in its parts, decoded. */
export interface Target {
  url: string;
  scheme: string;
  user: string;
  password: string;
  host: string;
  port: string;
  database: string;
}

/** Takes a connection string apart. Null when it is none. Of several hosts it is the first. */
export function parseTarget(url: string): Target | null {
  const whole = /^([a-z][a-z0-9+]*):\/\/([^/?#]*)(?:\/([^?#]*))?/i.exec(url);
  if (whole === null) return null;
  const [, scheme = "", authority = "", database = ""] = whole;
  // Passwords that hold an @ should be encoded, and often are not.
  const at = authority.lastIndexOf("@");
  const [, user = "", password = ""] = /^([^:]*):?(.*)$/.exec(authority.slice(0, Math.max(at, 0))) ?? [];
  const place = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(authority.slice(at + 1).split(",")[0] ?? "");
  if (place === null) return null;
  const [, host = "", port = ""] = place;
  try {
    const [name, word, path] = [user, password, database].map(decodeURIComponent) as [string, string, string];
    return { url, scheme, user: name, password: word, host, port, database: path };
  } catch {
    return null;
  }
}

const DOTS = "••••••••";

/** The same without its password, to be shown. */
export function mask(url: string): string {
  return url.replace(/^([a-z][a-z0-9+]*:\/\/[^:@/]*:)[^/?#]*@/i, `$1${DOTS}@`);
}

/** A target whose password is not shown. */
export function maskTarget(target: Target): Target {
  return { ...target, url: mask(target.url), password: DOTS };
}

/** One way to use a connection. */
export interface Snippet {
  name: string;
  text: string;
}

/** A word for a POSIX shell. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A text for most programming languages. */
const text = (value: string): string => JSON.stringify(value);

type Maker = (target: Target) => Snippet[];

const environment = (target: Target, prefix: string): Snippet => {
  const lines = [
    ["DATABASE_URL", target.url],
    ["DB_HOST", target.host],
    ["DB_PORT", target.port],
    ["DB_USER", target.user],
    ["DB_PASSWORD", target.password],
    ["DB_NAME", target.database],
    [`${prefix}_URL`, target.url],
  ] as const;
  const quoted = lines
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${envQuote(value)}`);
  return { name: ".env", text: quoted.join("\n") };
};

/** A value in an environment file: single quotes keep everything but themselves. */
function envQuote(value: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]*$/.test(value)) return value;
  return value.includes("'") ? text(value).replaceAll("$", "\\$") : `'${value}'`;
}

const postgresql: Maker = (target) => [
  { name: "psql", text: `psql ${shellQuote(target.url)}` },
  environment(target, "POSTGRES"),
  {
    name: "Node",
    text: `import pg from "pg";\nconst pool = new pg.Pool({ connectionString: ${text(target.url)} });`,
  },
  { name: "Python", text: `import psycopg\nconnection = psycopg.connect(${text(target.url)})` },
  {
    name: "Go",
    text: `import "github.com/jackc/pgx/v5"\nconn, err := pgx.Connect(ctx, ${text(target.url)})`,
  },
  {
    name: "Rust",
    text: `let (client, connection) =\n    tokio_postgres::connect(${text(target.url)}, NoTls).await?;`,
  },
  { name: "Java", text: jdbc("postgresql", target) },
];

const mysqlLike =
  (program: string, prefix: string, jdbcName: string): Maker =>
  (target) => [
    {
      name: program,
      text: [
        program,
        "-h",
        target.host,
        "-P",
        target.port,
        "-u",
        shellQuote(target.user),
        "-p",
        shellQuote(target.database),
      ]
        .filter((word) => word !== "''")
        .join(" "),
    },
    environment(target, prefix),
    {
      name: "Node",
      text: `import mysql from "mysql2/promise";\nconst connection = await mysql.createConnection(${text(target.url)});`,
    },
    {
      name: "Python",
      text: `import pymysql\nconnection = pymysql.connect(\n    host=${text(target.host)}, port=${target.port},\n    user=${text(target.user)}, password=${text(target.password)},\n    database=${text(target.database)},\n)`,
    },
    {
      name: "Go",
      text: `import "github.com/go-sql-driver/mysql"\nconfig := mysql.NewConfig()\nconfig.Net, config.Addr = "tcp", ${text(`${target.host}:${target.port}`)}\nconfig.User, config.Passwd = ${text(target.user)}, ${text(target.password)}\nconfig.DBName = ${text(target.database)}\ndb, err := sql.Open("mysql", config.FormatDSN())`,
    },
    { name: "Rust", text: `let pool = mysql_async::Pool::new(${text(target.url)});` },
    { name: "Java", text: jdbc(jdbcName, target) },
  ];

const redis: Maker = (target) => [
  { name: "redis-cli", text: `redis-cli -u ${shellQuote(target.url)}` },
  environment(target, "REDIS"),
  {
    name: "Node",
    text: `import { createClient } from "redis";\nconst client = createClient({ url: ${text(target.url)} });\nawait client.connect();`,
  },
  { name: "Python", text: `import redis\nclient = redis.Redis.from_url(${text(target.url)})` },
  {
    name: "Go",
    text: `import "github.com/redis/go-redis/v9"\noptions, err := redis.ParseURL(${text(target.url)})\nclient := redis.NewClient(options)`,
  },
  { name: "Rust", text: `let client = redis::Client::open(${text(target.url)})?;` },
  { name: "Java", text: `JedisPooled client = new JedisPooled(URI.create(${text(target.url)}));` },
];

const mongodb: Maker = (target) => [
  { name: "mongosh", text: `mongosh ${shellQuote(target.url)}` },
  environment(target, "MONGODB"),
  {
    name: "Node",
    text: `import { MongoClient } from "mongodb";\nconst client = new MongoClient(${text(target.url)});`,
  },
  { name: "Python", text: `from pymongo import MongoClient\nclient = MongoClient(${text(target.url)})` },
  {
    name: "Go",
    text: `import "go.mongodb.org/mongo-driver/v2/mongo"\nclient, err := mongo.Connect(options.Client().ApplyURI(${text(target.url)}))`,
  },
  { name: "Rust", text: `let client = mongodb::Client::with_uri_str(${text(target.url)}).await?;` },
  { name: "Java", text: `MongoClient client = MongoClients.create(${text(target.url)});` },
];

function jdbc(name: string, target: Target): string {
  const query = `user=${encodeURIComponent(target.user)}&password=${encodeURIComponent(target.password)}`;
  return `Connection connection = DriverManager.getConnection(\n    ${text(`jdbc:${name}://${target.host}:${target.port}/${target.database}?${query}`)});`;
}

const MAKERS: Partial<Record<Engine, Maker>> = {
  postgresql,
  mariadb: mysqlLike("mariadb", "MARIADB", "mariadb"),
  mysql: mysqlLike("mysql", "MYSQL", "mysql"),
  redis,
  mongodb,
};

/** Ways to use a connection string: the string itself first. An engine that is not known here has the string alone. */
export function snippetsFor(type: Engine, target: Target): Snippet[] {
  return [
    { name: "URL", text: target.url },
    ...(MAKERS[type]?.(target) ?? [environment(target, "DATABASE")]),
  ];
}
