"""From a clone to a running Madang, and every check of it: `./deploy/up` and `./deploy/test`.

`bootstrap` makes the environment, `local` runs everything on one machine, `embedded` starts the services it lacks, `smoke`
talks through all of it, `checks` is the tests and what runs beside them. Nothing here is imported by the product.
"""
