//! The rules of this module, each shown by a token that breaks it.

