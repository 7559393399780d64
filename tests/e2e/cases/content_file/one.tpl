first {item}
