//! The permission table, printed: a change of policy shows in this file.

use wealth_core::authz::{POLICY, Role, sensitive};

#[test]
fn who_may_do_what() {
    let mut matrix = String::new();
    for (action, allowed) in POLICY {
        let cells: Vec<&str> =
            Role::ALL.iter().map(|r| if allowed.contains(r) { "yes" } else { " - " }).collect();
        let mark = if sensitive().contains(action) { "step-up" } else { "" };
        matrix.push_str(&format!("{action:<24} {} {mark}\n", cells.join(" ")));
    }
    // Behind them: whether it takes a step-up. Columns: SalesRepresentative SalesManager ProductAdministrator SystemAdministrator RateFeed Auditor
    let expected = "\
view products            yes yes yes yes  -   -  
edit products             -   -  yes  -   -   -  
manage appointments       -   -  yes  -   -   -  
sell unappointed          -  yes yes yes  -   -  
import products           -   -  yes  -   -   -  
compare products         yes yes yes yes  -   -  
review comparisons        -  yes  -  yes  -   -  
review recommendations    -  yes  -  yes  -   -  
view rates               yes yes yes yes  -   -  
edit rates                -   -  yes  -   -   -  
view rate changes         -  yes yes yes  -   -  
decide on rate changes    -  yes yes  -   -   -  
configure rates           -   -  yes yes  -   -  
view users                -  yes yes yes  -   -  
manage users              -   -   -  yes  -   -  
manage roles              -   -   -  yes  -   -  step-up
invite users              -   -   -  yes  -   -  step-up
import users              -   -   -  yes  -   -  
review access             -   -   -  yes  -   -  
provision users           -   -   -  yes  -   -  
feed rates                -   -  yes  -  yes  -  
view profiles             -   -   -  yes  -   -  
view sign-in              -   -   -  yes  -   -  
configure sign-in         -   -   -  yes  -   -  step-up
impersonate               -   -   -  yes  -   -  step-up
oversee impersonation     -   -   -  yes  -   -  
administer access         -   -   -  yes  -   -  
view audit               yes yes yes yes yes yes 
review audit              -   -   -  yes  -  yes 
export audit              -   -   -  yes  -  yes 
view retention            -   -   -  yes  -  yes 
manage retention          -   -   -  yes  -   -  step-up
manage legal holds        -   -   -  yes  -   -  step-up
dispose of records        -   -   -  yes  -   -  step-up
erase people              -   -   -  yes  -   -  step-up
introspect tokens         -   -   -  yes  -   -  
";
    assert_eq!(matrix, expected, "\n{matrix}");
}
