"""`./deploy/up`: all of Madang on one machine, under one supervisor.

`__main__` reads the command line, `settings` what was asked for, `state` owns the folder `.madang/`, `stores` the
services that were not given by URL, `programs` what the Procfile starts, `keeper` keeps each thing running, and `up`
is the order in which all of it starts and stops.
"""
