import sys

from debabelizer.cli import main

sys.exit(main())
