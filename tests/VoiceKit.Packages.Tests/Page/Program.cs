// A page that decodes packets and draws a message, all in the browser.
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Page;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<Decoding>("#page");
builder.Services.AddScoped(_ => new HttpClient { BaseAddress = new Uri(builder.HostEnvironment.BaseAddress) });
await builder.Build().RunAsync();
