second {item}, {count}
