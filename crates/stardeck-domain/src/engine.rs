//! The names of the engines. What differs between them is in `stardeck-engines`.

use crate::text_enum::text_enum;

text_enum! {
    /// A database engine (the JSON field `type`).
    pub enum Engine ("engine") {
        /// PostgreSQL.
        PostgreSql = "postgresql",
        /// MariaDB.
        MariaDb = "mariadb",
        /// MySQL.
        MySql = "mysql",
        /// Redis and its relatives.
        Redis = "redis",
        /// MongoDB.
        MongoDb = "mongodb",
    }
}
