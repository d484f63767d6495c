#!/usr/bin/env dotnet
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
// Compares the description of the interface with what the tests of a whole run saw: each code of a route, and each of
// its other answers, is produced by a test. A code of the platform itself is produced on some route.
//
//   dotnet run ops/lib/described.cs -- FOLDER
//
// FOLDER holds a file for each process of tests, with a line “METHOD PATH STATUS CODE” for each answer; where it is no
// problem, the media type stands in place of the code.
using System.Text.Json.Nodes;

var root = Environment.CurrentDirectory;
var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "services/Host/Isf.Host/openapi.v1.json")))!;
var seen = Directory.GetFiles(args[0]).SelectMany(File.ReadLines).ToHashSet();
var seenCodes = seen.Select(line => line[line.LastIndexOf(' ')..].Trim()).ToHashSet();
var ofPlatform = golden["components"]!["schemas"]!["PlatformCode"]!["enum"]!.AsArray().Select(code => (string)code!)
    .ToHashSet();

JsonNode Resolve(JsonNode part) => part["$ref"] is { } reference
    ? ((string)reference!).Split('/').Skip(1).Aggregate(golden, (at, name) => at[name]!) : part;

IEnumerable<string> AnswersOf(JsonNode content) => content.AsObject().SelectMany(type =>
    type.Key == "application/problem+json"
        ? type.Value!["schema"]!["allOf"]![1]!["properties"]!["code"]!["enum"]!.AsArray().Select(code => (string)code!)
        : [type.Key]);

var missing = (
    from path in golden["paths"]!.AsObject()
    from operation in path.Value!.AsObject()
    from response in operation.Value!["responses"]!.AsObject()
    where Resolve(response.Value!)["content"] is not null
    from answer in AnswersOf(Resolve(response.Value!)["content"]!)
    let name = $"{operation.Key.ToUpperInvariant()} {path.Key} {response.Key} {answer}"
    where !(ofPlatform.Contains(answer) ? seenCodes.Contains(answer) : seen.Contains(name))
    select ofPlatform.Contains(answer) ? $"any route: {response.Key} {answer}" : name).Distinct().ToList();
foreach (var answer in missing)
    Console.WriteLine($"  {answer}");
Console.WriteLine($"{missing.Count} answers of the description were produced by no test.");
return missing.Count == 0 ? 0 : 1;
