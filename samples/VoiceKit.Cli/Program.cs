Console.WriteLine("voicekit");
