//! Every sealed value of the store, for whoever seals them anew with another key.
//!
//! The columns `operations.sealed_input` and `operation_steps.sealed_output` are not among them: nothing is written there.

use diesel::prelude::*;
use stardeck_domain::SealedText;

use crate::{
    Error, Tx,
    error::require_row,
    schema::{apps, credentials, registries},
};

/// A sealed value and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedValue {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The id of the row.
    pub row: String,
    /// The value.
    pub text: SealedText,
}

/// Both functions, from one list of the columns that hold sealed values.
macro_rules! columns {
    ($($table:ident . $column:ident),+ $(,)?) => {
        /// All of them.
        ///
        /// # Errors
        /// The store is in trouble.
        pub fn list(tx: &mut Tx) -> Result<Vec<SealedValue>, Error> {
            let mut all = Vec::new();
            $(
                let found: Vec<(String, Option<String>)> = $table::table
                    .select(($table::id, $table::$column.nullable()))
                    .order($table::id)
                    .load(&mut tx.connection)
                    .map_err(Error::from_diesel)?;
                all.extend(found.into_iter().filter_map(|(row, text)| {
                    let text = SealedText::new(text?);
                    Some(SealedValue { table: stringify!($table), column: stringify!($column), row, text })
                }));
            )+
            Ok(all)
        }

        /// Writes another text in the place of a sealed value.
        ///
        /// # Errors
        /// The row is gone, or the store is in trouble.
        pub fn replace(tx: &mut Tx, value: &SealedValue, by: &SealedText) -> Result<(), Error> {
            match (value.table, value.column) {
                $(
                    (stringify!($table), stringify!($column)) => {
                        let changed = diesel::update($table::table.find(&value.row))
                            .set($table::$column.eq(by.as_str()))
                            .execute(&mut tx.connection);
                        require_row(changed, value.table, &value.row)
                    }
                )+
                (table, column) => Err(Error::corrupt(column, format!("{table} has no sealed values"))),
            }
        }
    };
}

columns!(apps.sealed_env, apps.sealed_external, credentials.sealed_password, registries.sealed_password);
