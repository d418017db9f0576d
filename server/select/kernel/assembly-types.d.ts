/** Types of the kernel's language, for what both sides read. */
declare type usize = number;
declare type u32 = number;
