System.Console.WriteLine("Isf.Host");
