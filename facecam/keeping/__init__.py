"""What is kept of those who are seen, if the user wants it: visits, strangers.

`choices` says what is wanted; `keeper` follows the recognitions and writes. The former
imports next to nothing, since the window looks at it while it opens.
"""
