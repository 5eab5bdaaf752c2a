# DBW_ADD_CFLAGS(VARIABLE, FLAGS): appends those of FLAGS that the compiler takes.
AC_DEFUN([DBW_ADD_CFLAGS], [
    for dbw_flag in $2; do
        dbw_saved=$CFLAGS
        CFLAGS="$CFLAGS -Werror $dbw_flag"
        AC_MSG_CHECKING([whether $CC takes $dbw_flag])
        AC_COMPILE_IFELSE([AC_LANG_PROGRAM([])],
                          [AC_MSG_RESULT([yes])
                           $1="$$1 $dbw_flag"],
                          [AC_MSG_RESULT([no])])
        CFLAGS=$dbw_saved
    done
])

# DBW_ADD_LDFLAGS(VARIABLE, FLAGS): appends those of FLAGS that the linker takes.
AC_DEFUN([DBW_ADD_LDFLAGS], [
    for dbw_flag in $2; do
        dbw_saved=$LDFLAGS
        LDFLAGS="$LDFLAGS $dbw_flag"
        AC_MSG_CHECKING([whether the linker takes $dbw_flag])
        AC_LINK_IFELSE([AC_LANG_PROGRAM([])],
                       [AC_MSG_RESULT([yes])
                        $1="$$1 $dbw_flag"],
                       [AC_MSG_RESULT([no])])
        LDFLAGS=$dbw_saved
    done
])
